import { rm } from "node:fs/promises";
import { AppError, messageOf, TRAINER_EXIT } from "@atelier/core";
import { refuseModelOutside } from "@atelier/data";
import { notify } from "@atelier/db";
import { CHANNELS } from "@atelier/jobs";
import type { StopReason, WorkerContext } from "../worker-context";
import { AttemptLost, type HeldAttempt, isTrainerKind } from "./attempt";
import { commitAttempt } from "./commit-attempt";
import { closeCancelled, type Failure, failAttempt, releaseAttempt } from "./end-attempt";
import { EventFollower } from "./event-follower";
import { RENEW_EVERY_MS, renewLease } from "./lease";
import { readReceipt, verifyReceipt } from "./receipts";
import { runInWorker } from "./run-in-worker";

/** What came of an attempt: `queued` when the stage is to be tried again. */
export type Outcome = "succeeded" | "failed" | "queued" | "dropped";

/** Does the attempt's work, or waits for what another worker had begun; returns when nothing of it runs any more. */
export type Work = (signal: AbortSignal) => Promise<{ exitCode: number | null }>;

/** The work of a fresh attempt. */
export function freshWork(worker: WorkerContext, attempt: HeldAttempt): Work {
	return async (signal) => {
		if (!isTrainerKind(attempt.kind)) return runInWorker(attempt, signal);
		await refuseModelOutside(worker.readable, attempt);
		return worker.executor.run(attempt, signal);
	};
}

/**
 * Runs one held attempt to its end: renews its lease, brings its events into the record, commits it when its receipt is
 * there, and says what failed when it is not.
 */
export async function runAttempt(worker: WorkerContext, attempt: HeldAttempt, work: Work): Promise<Outcome> {
	const stopping = new AbortController();
	let reason: StopReason | null = null;
	const stop = (given: StopReason) => {
		reason ??= given;
		stopping.abort(reason);
	};
	const ended = (async (): Promise<Outcome> => {
		const lease = setInterval(() => {
			// A record that cannot be reached says nothing; the lease outlives some missed renewals.
			renewLease(worker.db, attempt.id, worker.id).then(
				(hold) => hold === "held" || stop(hold === "taken" ? "taken" : "cancelled"),
				() => undefined,
			);
		}, RENEW_EVERY_MS);
		const follower = new EventFollower(worker.db, attempt);
		follower.start();
		try {
			const { exitCode } = await work(stopping.signal);
			await follower.finish();
			if (reason !== null) return await endStopped(worker, attempt, reason);
			const receipt = await readReceipt(attempt.folder);
			if (receipt === null) return await fail(worker, attempt, processFailure(exitCode, follower.errorMessage));
			await verifyReceipt(attempt.folder, receipt, attempt.stageKey, attempt.id);
			await commitAttempt(worker.pool, worker.id, attempt, receipt);
			return "succeeded";
		} catch (error) {
			await follower.finish().catch(() => undefined);
			if (error instanceof AttemptLost)
				reason ??= (await renewLease(worker.db, attempt.id, worker.id)) === "taken" ? "taken" : "cancelled";
			if (reason !== null) return await endStopped(worker, attempt, reason);
			return await fail(worker, attempt, failureOf(error));
		} finally {
			clearInterval(lease);
			await notify(worker.db, CHANNELS.events, attempt.stageKey).catch(() => undefined);
		}
	})();
	const entry = { stop, ended };
	worker.running.set(attempt.stageKey, entry);
	try {
		return await ended;
	} finally {
		// The next attempt of this stage may have begun.
		if (worker.running.get(attempt.stageKey) === entry) worker.running.delete(attempt.stageKey);
	}
}

async function fail(worker: WorkerContext, attempt: HeldAttempt, failure: Failure): Promise<Outcome> {
	worker.log(`${attempt.kind} ${attempt.stageKey} attempt ${attempt.number}: ${failure.message}`);
	return (await failAttempt(worker.db, worker.id, attempt, failure)) ? "queued" : "failed";
}

/** Ends an attempt that was told to stop; whoever told it has changed the stage already, except at a shutdown. */
async function endStopped(worker: WorkerContext, attempt: HeldAttempt, reason: StopReason): Promise<Outcome> {
	if (reason === "taken") return "dropped";
	await rm(attempt.folder, { recursive: true, force: true });
	if (reason === "shutdown") await releaseAttempt(worker.db, worker.id, attempt, "The worker was stopped.");
	else await closeCancelled(worker.db, attempt.id);
	return "dropped";
}

function processFailure(exitCode: number | null, errorMessage: string | null): Failure {
	const isFinal = exitCode === TRAINER_EXIT.badSpec || exitCode === TRAINER_EXIT.badData;
	const how = exitCode === null ? "was killed or vanished" : `ended with code ${exitCode}`;
	return {
		message: errorMessage ?? `The trainer process ${how} without a word; see stderr.log in the attempt's folder.`,
		exitCode,
		isRetryable: !isFinal,
	};
}

function failureOf(error: unknown): Failure {
	const isFinal = error instanceof AppError && (error.code === "BAD_DATA" || error.code === "BAD_REQUEST");
	return { message: messageOf(error), exitCode: null, isRetryable: !isFinal };
}
