import { AppError } from "@atelier/core";
import type { Database, Prisma } from "@atelier/db";
import { datasetRef } from "@atelier/store";
import { z } from "zod";
import type { WorkerContext } from "../worker-context";
import type { HeldAttempt } from "./attempt";
import { checkInputs } from "./check-inputs";

type Target = Database | Prisma.TransactionClient;
type Inputs = Pick<HeldAttempt, "inputs" | "inputIds">;

const named = z.record(z.string(), z.string());

/** What a stage reads as things stand, the dataset among it; null while one of its inputs is not there. */
export async function inputsOf(db: Target, stage: { datasetId: string; inputs: unknown }): Promise<Inputs | null> {
	const wanted = Object.entries(named.parse(stage.inputs));
	const [dataset, sources] = await Promise.all([
		db.dataset.findUnique({ where: { id: stage.datasetId }, select: { path: true } }),
		db.stage.findMany({
			where: { key: { in: wanted.map(([, key]) => key) }, status: "succeeded" },
			select: { key: true, path: true, attemptId: true },
		}),
	]);
	const sourceOf = new Map(sources.map((source) => [source.key, source]));
	const inputs: Inputs = { inputs: {}, inputIds: {} };
	if (dataset?.path) {
		inputs.inputs.dataset = dataset.path;
		inputs.inputIds.dataset = stage.datasetId;
	}
	for (const [name, key] of wanted) {
		const source = sourceOf.get(key);
		if (!source?.path || source.attemptId === null) return null;
		inputs.inputs[name] = source.path;
		inputs.inputIds[name] = source.attemptId;
	}
	return inputs;
}

/** What an attempt was told to read when it began, whatever has taken the place of that since. */
export async function recordedInputs(db: Target, recorded: unknown): Promise<Inputs> {
	const inputIds = named.parse(recorded);
	const { dataset, ...attempts } = inputIds;
	const rows = await db.attempt.findMany({
		where: { id: { in: Object.values(attempts) } },
		select: { id: true, path: true },
	});
	const pathOf = new Map(rows.map(({ id, path }) => [id, path]));
	if (dataset !== undefined) pathOf.set(dataset, datasetRef(dataset));
	const inputs = Object.fromEntries(
		Object.entries(inputIds).flatMap(([name, id]) => {
			const path = pathOf.get(id);
			return path === undefined ? [] : [[name, path]];
		}),
	);
	return { inputs, inputIds };
}

/**
 * What an attempt reads as local folders, by input name; the attempt holds them until it has ended.
 *
 * @throws InputDamaged where what was fetched is not what was written: it is made again first
 */
export async function fetchInputs(
	{ db, store, log }: Pick<WorkerContext, "db" | "store" | "log">,
	attempt: Pick<HeldAttempt, "id" | "inputs" | "inputIds">,
	signal?: AbortSignal,
): Promise<Record<string, string>> {
	const folders: Record<string, string> = {};
	for (const [name, ref] of Object.entries(attempt.inputs)) {
		try {
			folders[name] = await store.folder(ref, { holder: attempt.id, signal });
		} catch (error) {
			if (!(error instanceof AppError) || (error.code !== "BAD_DATA" && error.code !== "NOT_FOUND")) throw error;
			// The record hears of it by the same way as of any damage; whatever is right after all goes the usual way.
			await checkInputs({ db, store, log }, { ...attempt, inputIds: pick(attempt.inputIds, name) }, signal, true);
			throw error;
		}
	}
	return folders;
}

function pick(inputIds: Record<string, string>, name: string): Record<string, string> {
	const id = inputIds[name];
	return id === undefined ? {} : { [name]: id };
}
