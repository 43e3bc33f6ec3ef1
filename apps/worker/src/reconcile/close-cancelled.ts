import { rm } from "node:fs/promises";
import { stopProcess } from "../executors/stop-process";
import { closeCancelled } from "../stages/end-attempt";
import type { WorkerContext } from "../worker-context";

/**
 * Ends what is left of cancelled attempts: those of this worker that missed the notification, and those whose worker
 * died before it could act.
 */
export async function closeCancelledAttempts(worker: WorkerContext): Promise<void> {
	const open = await worker.db.attempt.findMany({
		where: { status: "cancelled", finishedAt: null },
		select: { id: true, stageKey: true, path: true, workerId: true },
	});
	for (const attempt of open) {
		const running = attempt.workerId === worker.id ? worker.running.get(attempt.stageKey) : undefined;
		if (running) {
			running.stop("cancelled");
			continue;
		}
		// Null also where the process runs on another machine: its own worker ends it there.
		const folder = worker.folders.resolve(attempt.path);
		const process = await worker.executor.findProcess(folder);
		if (process !== null) await stopProcess(process);
		await rm(folder, { recursive: true, force: true });
		await closeCancelled(worker.db, attempt.id);
	}
}
