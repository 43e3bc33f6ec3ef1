import { rm } from "node:fs/promises";
import { stopProcess } from "../executors/stop-process";
import { closeCancelled } from "../stages/end-attempt";
import type { WorkerContext } from "../worker-context";
import { livingWorkers } from "./living-workers";

/**
 * Ends what is left of cancelled attempts: those of this worker that missed the notification, and those whose worker
 * died before it could act. Those of a worker that lives are its own to end: only it knows when nothing of them runs.
 */
export async function closeCancelledAttempts(worker: WorkerContext): Promise<void> {
	const open = await worker.db.attempt.findMany({
		where: { status: "cancelled", finishedAt: null },
		select: { id: true, stageKey: true, path: true, workerId: true },
	});
	if (open.length === 0) return;
	const living = await livingWorkers(worker.db);
	const mine = open.filter(({ workerId }) => workerId === worker.id || !living.has(workerId));
	await Promise.all(mine.map((attempt) => close(worker, attempt)));
}

async function close(
	worker: WorkerContext,
	attempt: { id: string; stageKey: string; path: string; workerId: string },
): Promise<void> {
	const running = attempt.workerId === worker.id ? worker.running.get(attempt.stageKey) : undefined;
	if (running) return running.stop("cancelled");
	// Null also where the process runs on another machine: its own worker ends it there.
	const folder = worker.store.draft(attempt.path);
	const process = await worker.executor.findProcess(folder);
	if (process !== null) await stopProcess(process);
	await rm(folder, { recursive: true, force: true });
	await closeCancelled(worker.db, attempt.id);
}
