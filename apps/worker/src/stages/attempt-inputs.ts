import type { Database, Prisma } from "@atelier/db";
import { datasetRef, type Store } from "@atelier/store";
import { z } from "zod";
import type { HeldAttempt } from "./attempt";

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

/** The same inputs as local folders, by name; the attempt holds them. */
export async function inputFolders(
	store: Store,
	{ id, inputs }: Pick<HeldAttempt, "id" | "inputs">,
	signal?: AbortSignal,
): Promise<Record<string, string>> {
	const folders: Record<string, string> = {};
	for (const [name, ref] of Object.entries(inputs)) folders[name] = await store.folder(ref, { holder: id, signal });
	return folders;
}
