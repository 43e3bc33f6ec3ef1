import { readAttempt } from "../stages/claim-stage";
import { failAttempt } from "../stages/end-attempt";
import { followAttempt } from "../stages/follow-attempt";
import { LEASE_END } from "../stages/lease";
import { readReceipt } from "../stages/receipts";
import type { WorkerContext } from "../worker-context";
import type { Orphan } from "./find-orphans";

/**
 * Takes over an attempt whose worker is gone, where it is: a trainer process that still runs is watched to its end, an
 * attempt that had finished is committed, and one of which nothing is left makes way for a new one. Does nothing when
 * another worker was faster.
 */
export async function adoptAttempt(worker: WorkerContext, orphan: Orphan): Promise<void> {
	const taken = await worker.db.$executeRaw`
		UPDATE attempt SET worker_id = ${worker.id}, lease_until = ${LEASE_END}
		WHERE id = ${orphan.id} AND worker_id = ${orphan.workerId} AND status = 'running'`;
	const attempt = taken === 1 ? await readAttempt(worker.db, worker.store, orphan.id) : null;
	if (attempt === null) return;
	const process = await worker.executor.findProcess(attempt.folder);
	const isDone = process === null && (await readReceipt(worker.store, attempt).catch(() => null)) !== null;
	const name = `${attempt.kind} ${attempt.stageKey} attempt ${attempt.number}`;
	if (process === null && !isDone) {
		worker.log(`${name}: its worker is gone and nothing of it runs; queued again`);
		await failAttempt(worker.db, worker.id, attempt, {
			message: "The worker that ran it is gone, and nothing of it was left.",
			exitCode: null,
			isRetryable: true,
			isLoss: true,
		});
		return;
	}
	worker.log(`${name}: taken over ${isDone ? "with its receipt" : `while it runs as process ${process?.pid}`}`);
	followAttempt(worker, attempt, async (signal) =>
		process === null ? { exitCode: 0 } : worker.executor.adopt(process, signal),
	);
}
