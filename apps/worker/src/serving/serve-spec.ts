import { AppError, encodeQueriesParams, generateParams, retrieveParams } from "@atelier/core";
import type { Database } from "@atelier/db";
import type { z } from "zod";
import type { StoreFolders } from "../store-folders";

/** Inputs of a live recommendation process (docs/contracts.md, "Live serving"), by the names that stages use too. */
const INPUTS = ["split", "prompts", "encodeQueries", "baseModel", "fineTune", "titleEncoder", "idEncoder"] as const;
const IDLE_SECONDS = 600;

interface Ancestor {
	name: string;
	kind: string;
	params: unknown;
	path: string | null;
	datasetId: string;
}

/**
 * What `serve` is told, from the ancestry of a retrieve stage.
 *
 * @throws AppError NOT_FOUND for an unknown stage, CONFLICT when it or one of its inputs has not succeeded
 */
export async function serveSpec(
	db: Database,
	folders: StoreFolders,
	{ key, token, ready, threads }: { key: string; token: string; ready: string; threads: number },
): Promise<Record<string, unknown>> {
	const ancestors = await ancestorsOf(db, key);
	const retrieve = ancestors.find(({ kind }) => kind === "retrieve");
	if (retrieve === undefined) throw new AppError("NOT_FOUND", `There is no retrieve stage ${key}.`);
	const dataset = await db.dataset.findUniqueOrThrow({ where: { id: retrieve.datasetId } });
	const inputs: Record<string, string> = { dataset: folderOf("dataset", dataset.path, folders) };
	for (const name of INPUTS) {
		const ancestor = ancestors.find((one) => one.name === name);
		// Without candidates in the prompts there is no memory, and so no query encoder; zero-shot and without the id
		// embedding there is no id encoder. The live path then needs none.
		const isOptional = name === "encodeQueries" || name === "idEncoder";
		if (ancestor !== undefined || !isOptional) inputs[name] = folderOf(name, ancestor?.path, folders);
	}
	return {
		contract: 1,
		port: 0,
		token,
		idleSeconds: IDLE_SECONDS,
		threads,
		inputs,
		generate: paramsOf(generateParams, "generate", ancestors),
		encoder: paramsOf(encodeQueriesParams, "encode-queries", ancestors),
		listLength: retrieveParams.parse(retrieve.params).listLength,
		ready,
	};
}

/** All stages that a stage rests on, itself included, each with the name under which it is read. */
async function ancestorsOf(db: Database, key: string): Promise<Ancestor[]> {
	return db.$queryRaw<Ancestor[]>`
		WITH RECURSIVE ancestry AS (
			SELECT 'retrieve' AS name, ${key} AS key
			UNION
			SELECT input.key AS name, input.value AS key
			FROM ancestry JOIN stage ON stage.key = ancestry.key, jsonb_each_text(stage.inputs) AS input
		)
		SELECT ancestry.name, stage.kind, stage.params, stage.dataset_id AS "datasetId",
			CASE WHEN stage.status = 'succeeded' THEN stage.path END AS path
		FROM ancestry JOIN stage USING (key)`;
}

function folderOf(name: string, path: string | null | undefined, folders: StoreFolders): string {
	if (!path) throw new AppError("CONFLICT", `The models cannot be loaded: their ${name} is not there.`);
	return folders.resolve(path);
}

function paramsOf<T>(schema: z.ZodType<T>, kind: string, ancestors: readonly Ancestor[]): T {
	return schema.parse(ancestors.find((ancestor) => ancestor.kind === kind)?.params);
}
