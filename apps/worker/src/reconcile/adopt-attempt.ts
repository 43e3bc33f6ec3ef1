import { type Execution, HostUnreachable } from "../executors/executor";
import { type HeldAttempt, isTrainerKind } from "../stages/attempt";
import { readAttempt } from "../stages/claim-stage";
import { hasCheckpoint } from "../stages/earlier-checkpoint";
import { failAttempt, releaseAttempt } from "../stages/end-attempt";
import { followAttempt } from "../stages/follow-attempt";
import { LEASE_END } from "../stages/lease";
import { readReceipt } from "../stages/receipts";
import { watchOnHost } from "../stages/run-on-host";
import type { WorkerContext } from "../worker-context";
import type { Orphan } from "./find-orphans";

/**
 * Takes over an attempt whose worker is gone, where it is: what still runs on its host, or may, is watched to its end, an
 * attempt that had finished is committed, and one of which nothing is left makes way for a new one. Does nothing when
 * another worker was faster.
 */
export async function adoptAttempt(worker: WorkerContext, orphan: Orphan): Promise<void> {
	const taken = await worker.db.$executeRaw`
		UPDATE attempt SET worker_id = ${worker.id}, lease_until = ${LEASE_END}
		WHERE id = ${orphan.id} AND worker_id = ${orphan.workerId} AND status = 'running'`;
	const attempt = taken === 1 ? await readAttempt(worker.db, worker.store, orphan.id) : null;
	if (attempt === null) return;
	const left = await whatIsLeft(worker, attempt);
	const name = `${attempt.kind} ${attempt.stageKey} attempt ${attempt.number}`;
	if (left === "nothing") {
		worker.log(`${name}: its worker is gone and nothing of it runs; queued again`);
		if (await hasCheckpoint(attempt.folder)) {
			await releaseAttempt(
				worker.db,
				worker.id,
				attempt,
				"It ended unseen; the next attempt goes on from its checkpoint.",
			);
			return;
		}
		await failAttempt(worker.db, worker.id, attempt, {
			message: "The worker that ran it is gone, and nothing of it was left.",
			exitCode: null,
			isRetryable: true,
			isLoss: true,
		});
		return;
	}
	const how = { receipt: "with its receipt", running: "while it runs", unknown: "while its host does not answer" };
	worker.log(`${name}: taken over ${how[left]}`);
	followAttempt(worker, attempt, async (signal) =>
		left === "receipt" ? { exitCode: 0 } : watchOnHost(worker, attempt, signal),
	);
}

async function whatIsLeft(
	worker: WorkerContext,
	attempt: HeldAttempt,
): Promise<"nothing" | "receipt" | "running" | "unknown"> {
	const hasReceipt = async () => (await readReceipt(worker.store, attempt).catch(() => null)) !== null;
	if (!isTrainerKind(attempt.kind)) return (await hasReceipt()) ? "receipt" : "nothing";
	const executor = await worker.executors.of(attempt.host);
	try {
		const handle = attempt.handle ?? (await executor.find(attempt));
		if (handle === null) return (await hasReceipt()) ? "receipt" : "nothing";
		const execution: Execution = { id: attempt.id, folder: attempt.folder, handle };
		const state = await executor.state(execution);
		if (state.is === "running") return "running";
		if (state.is === "unreachable") return "unknown";
		await executor.collect(execution);
		return (await hasReceipt()) ? "receipt" : "nothing";
	} catch (error) {
		if (error instanceof HostUnreachable) return "unknown";
		throw error;
	}
}
