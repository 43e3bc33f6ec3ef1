import { columnStagesOf, keepRunColumns, keepSplitSet } from "@atelier/jobs";
import { runThread } from "../threads/run-thread";
import type { WorkerContext } from "../worker-context";
import type { ColumnsOrder } from "./columns-thread";

const MODULE = new URL("./columns-thread.ts", import.meta.url);

/**
 * Sees to it that the examples of a run have their attributes: those of its split, once for all runs that share it, and
 * what its prompts showed.
 *
 * @param unreadable splits that are not tried; one that cannot be read is added
 */
export async function keepColumnsOf(
	worker: WorkerContext,
	runId: string,
	signal: AbortSignal,
	unreadable: Set<string> = new Set(),
): Promise<void> {
	const { db, pool, store, env } = worker;
	const stages = (await columnStagesOf(db, [runId])).get(runId);
	const split = stages?.split;
	if (!stages || !split || unreadable.has(split)) return;
	const kept = await db.exampleColumn.findFirst({ where: { stageKey: split }, select: { setKey: true } });
	if (kept === null) {
		unreadable.add(split);
		const stage = await db.stage.findUnique({ where: { key: split }, select: { path: true, datasetId: true } });
		const dataset = stage && (await db.dataset.findUnique({ where: { id: stage.datasetId }, select: { path: true } }));
		if (!stage?.path || !dataset?.path) return;
		const folders = {
			dataset: await store.folder(dataset.path, { files: ["interactions.parquet", "items.parquet"] }),
			split: await store.folder(stage.path, { files: ["events.parquet", "examples.parquet"] }),
		};
		const order: ColumnsOrder = { databaseUrl: env.DATABASE_URL, split, folders };
		await runThread({ module: MODULE, order, name: "The thread of the examples' attributes", signal });
		unreadable.delete(split);
	}
	const setKey = kept?.setKey ?? (await keepSplitSet(pool, split))?.setKey;
	if (setKey !== undefined) await keepRunColumns(pool, stages, setKey);
}
