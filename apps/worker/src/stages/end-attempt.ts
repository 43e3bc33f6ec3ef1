import type { Database } from "@atelier/db";
import { markRunning, onQueue, settleRuns } from "@atelier/jobs";
import type { HeldAttempt } from "./attempt";

/** Failures of one stage, since it was last queued by a person, after which it is not tried again. */
const MOST_FAILURES = 2;
/**
 * The same for attempts that were killed, or whose worker died under them: more, since that is rarely their fault, but not
 * for ever, since a machine that is short of memory kills a stage each time.
 */
const MOST_LOSSES = 10;

/** Exit code of a failed attempt whose work was done: claiming its stage again goes on from there. */
export const FINISHED_CODE = 0;

export interface Failure {
	message: string;
	exitCode: number | null;
	/** False for a bad spec or bad data: a second try would end alike. */
	isRetryable: boolean;
	/** The worker or the process vanished, and nobody knows why. */
	isLoss?: boolean;
}

/**
 * Ends a held attempt that failed. The stage goes back to the queue once, where that may help; else it has failed, and
 * with it every run that needs it.
 *
 * @returns whether the stage is queued again
 */
export async function failAttempt(
	db: Database,
	workerId: string,
	attempt: HeldAttempt,
	failure: Failure,
): Promise<boolean> {
	return onQueue(db, async (tx) => {
		const { count } = await tx.attempt.updateMany({
			where: { id: attempt.id, workerId, status: "running" },
			data: { status: "failed", error: failure.message, exitCode: failure.exitCode, finishedAt: new Date() },
		});
		if (count === 0) return false;
		const [failed] = await tx.$queryRaw<{ attempts: number }[]>`
			SELECT count(*)::integer AS attempts FROM attempt JOIN stage ON stage.key = attempt.stage_key
			WHERE stage.key = ${attempt.stageKey} AND attempt.status = 'failed' AND attempt.started_at >= stage.started_at`;
		const most = failure.isLoss ? MOST_LOSSES : MOST_FAILURES;
		const isAgain = failure.isRetryable && (failed?.attempts ?? 0) < most;
		await tx.stage.updateMany({
			where: { key: attempt.stageKey, status: "running" },
			data: isAgain
				? { status: "queued", progress: undefined }
				: { status: "failed", error: failure.message, finishedAt: new Date() },
		});
		await settleRuns(tx, attempt.stageKey);
		return isAgain;
	});
}

/** Leaves a held attempt as it is, running or finished, to whichever worker comes next, and at once. */
export async function handOver(db: Database, workerId: string, attempt: HeldAttempt): Promise<void> {
	await db.$executeRaw`
		UPDATE attempt SET lease_until = clock_timestamp() AT TIME ZONE 'UTC'
		WHERE id = ${attempt.id} AND worker_id = ${workerId} AND status = 'running'`;
}

/** Gives a held attempt up without blame: the stage goes back to the queue as it was. */
export async function releaseAttempt(
	db: Database,
	workerId: string,
	attempt: HeldAttempt,
	reason: string,
): Promise<void> {
	await onQueue(db, async (tx) => {
		const { count } = await tx.attempt.updateMany({
			where: { id: attempt.id, workerId, status: "running" },
			data: { status: "cancelled", error: reason, finishedAt: new Date() },
		});
		if (count === 0) return;
		await tx.$executeRaw`
			UPDATE stage SET status = 'queued', progress = NULL WHERE key = ${attempt.stageKey} AND status = 'running'`;
		await markRunning(tx);
	});
}

/** Notes that nothing of a cancelled attempt runs any more. */
export async function closeCancelled(db: Database, attemptId: string): Promise<void> {
	await db.attempt.updateMany({
		where: { id: attemptId, status: "cancelled", finishedAt: null },
		data: { finishedAt: new Date() },
	});
}
