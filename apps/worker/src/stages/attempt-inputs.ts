import { datasetRef } from "@atelier/data";
import type { Database, Prisma } from "@atelier/db";
import { z } from "zod";
import type { StoreFolders } from "../store-folders";
import type { HeldAttempt } from "./attempt";

type Target = Database | Prisma.TransactionClient;
type Inputs = Pick<HeldAttempt, "inputs" | "inputIds">;

const named = z.record(z.string(), z.string());

/** What a stage reads as things stand, the dataset among it; null while one of its inputs is not there. */
export async function inputsOf(
	db: Target,
	folders: StoreFolders,
	stage: { datasetId: string; inputs: unknown },
): Promise<Inputs | null> {
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
		inputs.inputs.dataset = folders.resolve(dataset.path);
		inputs.inputIds.dataset = stage.datasetId;
	}
	for (const [name, key] of wanted) {
		const source = sourceOf.get(key);
		if (!source?.path || source.attemptId === null) return null;
		inputs.inputs[name] = folders.resolve(source.path);
		inputs.inputIds[name] = source.attemptId;
	}
	return inputs;
}

/** What an attempt was told to read when it began, whatever has taken the place of that since. */
export async function recordedInputs(db: Target, folders: StoreFolders, recorded: unknown): Promise<Inputs> {
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
			return path === undefined ? [] : [[name, folders.resolve(path)]];
		}),
	);
	return { inputs, inputIds };
}
