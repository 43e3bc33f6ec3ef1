import { indexEmbeddings } from "@atelier/db";
import { endMending, markRunning, onQueue } from "@atelier/jobs";
import type { WorkerContext } from "../worker-context";
import type { HeldAttempt } from "./attempt";
import { finishRun } from "./finish-run";

/** What follows from a stage that has succeeded. All of it can be done again: reconciliation does, after a crash. */
export async function afterSuccess(worker: WorkerContext, attempt: HeldAttempt): Promise<void> {
	await onQueue(worker.db, async (tx) => {
		await endMending(tx);
		await markRunning(tx);
	});
	await finishCompleteRuns(worker, attempt.stageKey);
	await indexVectors(worker, attempt);
	await removeOtherAttempts(worker, attempt);
}

async function finishCompleteRuns(worker: WorkerContext, stageKey: string): Promise<void> {
	const complete = await worker.db.run.findMany({
		where: {
			status: { in: ["queued", "running"] },
			stages: { some: { stageKey }, every: { stage: { status: "succeeded" } } },
		},
		select: { id: true },
	});
	for (const { id } of complete) await finishRun(worker, id);
}

async function indexVectors({ db }: WorkerContext, { stageKey }: HeldAttempt): Promise<void> {
	const [first] = await db.$queryRaw<{ dimensions: number }[]>`
		SELECT vector_dims(vector) AS dimensions FROM embedding WHERE stage_key = ${stageKey} LIMIT 1`;
	if (first) await indexEmbeddings(db, stageKey, first.dimensions);
}

/** Folders of attempts that were lost or failed before this one: nothing reads them any more. */
async function removeOtherAttempts({ store }: WorkerContext, { kind, stageKey, path }: HeldAttempt): Promise<void> {
	for await (const ref of store.list(`stages/${kind}/${stageKey}/`)) if (ref !== path) await store.remove(ref);
}
