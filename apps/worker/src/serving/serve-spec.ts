import { AppError, encodeQueriesParams, generateParams, retrieveParams, type ServeSpec } from "@atelier/core";
import type { Database } from "@atelier/db";
import { checkAttempt, mendDamaged, onQueue, refuseDamagedDataset } from "@atelier/jobs";
import type { z } from "zod";
import type { WorkerContext } from "../worker-context";

/** Inputs of a live recommendation process (docs/contracts.md, "Live serving"), by the names that stages use too. */
const INPUTS = ["split", "prompts", "encodeQueries", "baseModel", "fineTune", "titleEncoder", "idEncoder"] as const;
const IDLE_SECONDS = 600;

interface Ancestor {
	name: string;
	kind: string;
	params: unknown;
	/** Of the attempt whose outputs count; null where there is none. */
	attemptId: string | null;
	damage: string | null;
	datasetId: string;
}

/**
 * What `serve` is told, from the ancestry of a retrieve stage.
 *
 * @throws AppError NOT_FOUND for an unknown stage, CONFLICT when it or one of its inputs has not succeeded
 */
export async function serveSpec(
	worker: Pick<WorkerContext, "db" | "store">,
	{ key, token, ready, threads }: { key: string; token: string; ready: string; threads: number },
): Promise<ServeSpec> {
	const { db, store } = worker;
	const ancestors = await ancestorsOf(db, key);
	const retrieve = ancestors.find(({ kind }) => kind === "retrieve");
	if (retrieve === undefined) throw new AppError("NOT_FOUND", `There is no retrieve stage ${key}.`);
	const dataset = await db.dataset.findUniqueOrThrow({ where: { id: retrieve.datasetId } });
	if (dataset.path === null) throw new AppError("CONFLICT", `Dataset ${dataset.name} is not imported yet.`);
	await refuseDamagedDataset(db, store, dataset);
	const inputs: Record<string, string> = {
		dataset: await store.folder(dataset.path, { holder: key }),
	};
	for (const name of INPUTS) {
		const ancestor = ancestors.find((one) => one.name === name);
		// Without candidates in the prompts there is no memory, and so no query encoder; zero-shot and without the id
		// embedding there is no id encoder. The live path then needs none.
		const isOptional = name === "encodeQueries" || name === "idEncoder";
		if (ancestor !== undefined || !isOptional) {
			inputs[name] = await folderOf(worker, name, ancestor, key).catch(async (error: unknown) => {
				await mendServed(db, key);
				throw error;
			});
		}
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
			CASE WHEN stage.status = 'succeeded' THEN stage.attempt_id END AS "attemptId", stage.damage
		FROM ancestry JOIN stage USING (key)`;
}

/** Whatever is damaged of the models of a retrieve stage is made again, in the name of the runs that have them. */
async function mendServed(db: Database, key: string): Promise<void> {
	const runs = await db.run.findMany({ where: { stages: { some: { stageKey: key } } }, select: { id: true } });
	await onQueue(db, (tx) =>
		mendDamaged(
			tx,
			runs.map(({ id }) => id),
		),
	);
}

/** @throws AppError CONFLICT where the stage is not there, or damaged */
async function folderOf(
	{ db, store }: Pick<WorkerContext, "db" | "store">,
	name: string,
	stage: Ancestor | undefined,
	holder: string,
): Promise<string> {
	const checked = stage?.attemptId ? await checkAttempt(db, store, stage.attemptId) : null;
	const damage = checked?.damage ?? stage?.damage ?? null;
	if (damage !== null) {
		throw new AppError("CONFLICT", `${stage?.kind} is damaged (${damage}). It is being made again: ask again then.`);
	}
	if (checked === null) throw new AppError("CONFLICT", `The models cannot be loaded: their ${name} is not there.`);
	return store.folder(checked.path, { holder });
}

function paramsOf<T>(schema: z.ZodType<T>, kind: string, ancestors: readonly Ancestor[]): T {
	return schema.parse(ancestors.find((ancestor) => ancestor.kind === kind)?.params);
}
