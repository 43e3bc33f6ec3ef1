import { rm } from "node:fs/promises";
import { explain } from "@atelier/core";
import { HostUnreachable } from "../executors/executor";
import { noteUnreachable } from "../stages/attempt-host";
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
		select: { id: true, stageKey: true, path: true, workerId: true, host: true, handle: true },
	});
	if (open.length === 0) return;
	const living = await livingWorkers(worker.db);
	const mine = open.filter(({ workerId }) => workerId === worker.id || !living.has(workerId));
	await Promise.all(
		mine.map((attempt) =>
			close(worker, attempt).catch((error) => worker.log(`attempt ${attempt.id}: not ended yet: ${explain(error)}`)),
		),
	);
}

interface OpenAttempt {
	id: string;
	stageKey: string;
	path: string;
	workerId: string;
	host: string;
	handle: string | null;
}

async function close(worker: WorkerContext, attempt: OpenAttempt): Promise<void> {
	const running = attempt.workerId === worker.id ? worker.running.get(attempt.stageKey) : undefined;
	if (running) return running.stop("cancelled");
	const folder = worker.store.draft(attempt.path);
	await stopOnHost(worker, { ...attempt, folder });
	await rm(folder, { recursive: true, force: true });
	await closeCancelled(worker.db, attempt.id);
}

/** Where the host does not answer, something of it may run there still: that is noted, and ended later. */
async function stopOnHost(worker: WorkerContext, attempt: OpenAttempt & { folder: string }): Promise<void> {
	try {
		const executor = await worker.executors.of(attempt.host);
		// Null also where the process runs on another machine: its own worker ends it there.
		const handle = attempt.handle ?? (await executor.find(attempt));
		if (handle !== null) await executor.stop({ id: attempt.id, folder: attempt.folder, handle });
	} catch (error) {
		if (!(error instanceof HostUnreachable)) throw error;
		await noteUnreachable(worker, attempt, new Date());
	}
}
