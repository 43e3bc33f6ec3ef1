import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError, LOCAL_HOST, messageOf, TRAINER_EXIT } from "@atelier/core";
import { refuseModelOutside } from "@atelier/data";
import { isPassing, notify } from "@atelier/db";
import { CHANNELS } from "@atelier/jobs";
import { readEvents } from "../executors/event-file";
import { HostUnreachable } from "../executors/executor";
import type { StopReason, WorkerContext } from "../worker-context";
import { AttemptLost, type HeldAttempt, InputDamaged, isTrainerKind } from "./attempt";
import { fetchInputs } from "./attempt-inputs";
import { checkInputs } from "./check-inputs";
import { commitAttempt } from "./commit-attempt";
import { earlierCheckpoint, hasCheckpoint } from "./earlier-checkpoint";
import { closeCancelled, type Failure, FINISHED_CODE, failAttempt, handOver, releaseAttempt } from "./end-attempt";
import { EventFollower, type EventSource } from "./event-follower";
import { givenRanks } from "./given-ranks";
import { RENEW_EVERY_MS, renewLease } from "./lease";
import { publishOutputs, readReceipt, verifyOutputs } from "./receipts";
import { runInWorker } from "./run-in-worker";
import { runOnHost } from "./run-on-host";

/** What came of an attempt: `queued` when the stage is to be tried again. */
export type Outcome = "succeeded" | "failed" | "queued" | "dropped";

/** Does the attempt's work, or waits for what another worker had begun; returns when nothing of it runs any more. */
export type Work = (signal: AbortSignal) => Promise<{ exitCode: number | null }>;

/** The work of a claimed attempt; none where it had finished and only could not be committed. */
export function claimedWork(worker: WorkerContext, attempt: HeldAttempt): Work {
	return async (signal) => {
		const untilDone = <Result>(ask: () => Promise<Result>) => untilTaken(worker, attempt, signal, ask);
		if ((await untilDone(() => readReceipt(worker.store, attempt))) !== null) return { exitCode: 0 };
		await untilDone(() => checkInputs(worker, attempt, signal));
		const isTrainers = isTrainerKind(attempt.kind);
		if (isTrainers) await refuseModelOutside(worker.readable, attempt);
		if (attempt.host === LOCAL_HOST) {
			// Of a store elsewhere they are brought before anything starts; the executor finds them then.
			const inputs = await untilDone(() => fetchInputs(worker, attempt, signal));
			if (attempt.kind === "outside") inputs.given = await untilDone(() => givenRanks(worker.store, attempt, signal));
			if (!isTrainers) return runInWorker(attempt, inputs, signal);
		}
		const resume = await untilDone(() => earlierCheckpoint(worker, attempt));
		return runOnHost(worker, attempt, resume, signal);
	};
}

const THREAD_POLL_MS = 250;
const HOST_POLL_MS = 1_000;

/** What the record would not take for now is tried again after this long, and less often with time. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Runs one held attempt to its end: renews its lease, brings its events into the record, commits it when its receipt is
 * there, and says what failed when it is not. A record that is away is waited for: what a process has finished is not
 * lost to it.
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
		const follower = new EventFollower(worker.db, attempt, eventsOf(worker, attempt));
		follower.start();
		const persist = <Result>(write: () => Promise<Result>) => untilTaken(worker, attempt, stopping.signal, write);
		try {
			const { exitCode } = await work(stopping.signal);
			await persist(() => follower.finish());
			if (reason !== null) return await endStopped(worker, attempt, reason);
			const receipt = await persist(() => readReceipt(worker.store, attempt));
			if (receipt === null) {
				if (exitCode === TRAINER_EXIT.left) return await persist(() => release(worker, attempt, LEFT));
				return await persist(async () =>
					fail(worker, attempt, processFailure(exitCode, await follower.errorMessage())),
				);
			}
			const files = await persist(() => verifyOutputs(worker.store, attempt, receipt));
			await persist(() => publishOutputs(worker.store, attempt, receipt, files));
			await persist(() => checkInputs(worker, attempt, stopping.signal));
			try {
				await persist(() => commitAttempt(worker, attempt, receipt, files));
			} catch (error) {
				if (error instanceof AttemptLost || error instanceof InputDamaged || stopping.signal.aborted) throw error;
				return await persist(() => fail(worker, attempt, loadFailure(error)));
			}
			return "succeeded";
		} catch (error) {
			await follower.finish().catch(() => undefined);
			if (error instanceof AttemptLost)
				reason ??= (await renewLease(worker.db, attempt.id, worker.id)) === "taken" ? "taken" : "cancelled";
			if (reason !== null) return await endStopped(worker, attempt, reason);
			return await persist(() =>
				error instanceof InputDamaged ? giveBack(worker, attempt, error) : fail(worker, attempt, failureOf(error)),
			);
		} finally {
			clearInterval(lease);
			// What goes on without this worker reads on.
			if (reason === null || reason === "cancelled") await worker.store.release(attempt.id).catch(() => undefined);
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

/** What runs in this worker writes into its folder; of the rest the host's executor knows. */
function eventsOf(worker: WorkerContext, attempt: HeldAttempt): EventSource {
	const { host, folder, kind } = attempt;
	if (!isTrainerKind(kind)) {
		return { pollMs: THREAD_POLL_MS, events: (offset) => readEvents(join(folder, "events.ndjson"), offset) };
	}
	return {
		pollMs: host === LOCAL_HOST ? THREAD_POLL_MS : HOST_POLL_MS,
		events: async (offset) => (await worker.executors.of(host)).events(attempt, offset),
	};
}

async function fail(worker: WorkerContext, attempt: HeldAttempt, failure: Failure): Promise<Outcome> {
	// What failed may have failed of what it read.
	const cause = await checkInputs(worker, attempt).catch((error: unknown) => error);
	if (cause instanceof InputDamaged) return giveBack(worker, attempt, cause);
	if (failure.isLoss && (await hasCheckpoint(attempt.folder))) return release(worker, attempt, failure.message);
	worker.log(`${attempt.kind} ${attempt.stageKey} attempt ${attempt.number}: ${failure.message}`);
	return (await failAttempt(worker.db, worker.id, attempt, failure)) ? "queued" : "failed";
}

const LEFT = "It was asked to leave.";

/** The stage goes back to the queue without a failure counted: the next attempt goes on where this one got to. */
async function release(worker: WorkerContext, attempt: HeldAttempt, reason: string): Promise<Outcome> {
	worker.log(`${attempt.kind} ${attempt.stageKey} attempt ${attempt.number}: ${reason}`);
	const after = (await hasCheckpoint(attempt.folder)) ? " The next attempt goes on from its checkpoint." : "";
	await releaseAttempt(worker.db, worker.id, attempt, `${reason}${after}`);
	return "queued";
}

/** The stage waits, without a failure counted, until what it reads is there again. */
async function giveBack(worker: WorkerContext, attempt: HeldAttempt, { message }: InputDamaged): Promise<Outcome> {
	worker.log(`${attempt.kind} ${attempt.stageKey} attempt ${attempt.number}: ${message}`);
	await rm(attempt.folder, { recursive: true, force: true });
	await releaseAttempt(worker.db, worker.id, attempt, message);
	return "dropped";
}

/**
 * Does what needs record, store or host until they take it, or refuse it for good, or the attempt is told to stop. One
 * that is away is waited for: it says nothing of the attempt.
 */
async function untilTaken<Result>(
	worker: WorkerContext,
	attempt: HeldAttempt,
	signal: AbortSignal,
	write: () => Promise<Result>,
): Promise<Result> {
	for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
		try {
			return await write();
		} catch (error) {
			const isAway =
				isPassing(error) !== null ||
				error instanceof HostUnreachable ||
				(error instanceof AppError && error.code === "UNAVAILABLE");
			if (signal.aborted || !isAway) throw error;
			worker.log(`${attempt.kind} ${attempt.stageKey}: has to wait: ${messageOf(error)}`);
			await delay(pause, undefined, { signal }).catch(() => undefined);
		}
	}
}

/**
 * Ends an attempt that was told to stop; whoever told it has changed the stage already, except at a shutdown. Then a
 * trainer goes on, and what has finished stays, for the next worker to take up; what ran in this process is given back.
 */
async function endStopped(worker: WorkerContext, attempt: HeldAttempt, reason: StopReason): Promise<Outcome> {
	if (reason === "taken") return "dropped";
	const isWorthKeeping =
		isTrainerKind(attempt.kind) || (await readReceipt(worker.store, attempt).catch(() => null)) !== null;
	if (reason === "shutdown" && isWorthKeeping) {
		await handOver(worker.db, worker.id, attempt);
		return "dropped";
	}
	await rm(attempt.folder, { recursive: true, force: true });
	if (reason === "shutdown") await releaseAttempt(worker.db, worker.id, attempt, "The worker was stopped.");
	else await closeCancelled(worker.db, attempt.id);
	return "dropped";
}

/** The work was done, and the record refused it: nothing that doing it again would change. It is kept for `retry`. */
function loadFailure(error: unknown): Failure {
	const message = `It finished, but its results could not be brought into the record: ${messageOf(error)}`;
	return { message, exitCode: FINISHED_CODE, isRetryable: false };
}

function processFailure(exitCode: number | null, errorMessage: string | null): Failure {
	const isFinal = exitCode === TRAINER_EXIT.badSpec || exitCode === TRAINER_EXIT.badData;
	const how = exitCode === null ? "was killed or vanished" : `ended with code ${exitCode}`;
	return {
		message: errorMessage ?? `The trainer process ${how} without a word; see stderr.log in the attempt's folder.`,
		exitCode,
		isRetryable: !isFinal,
		// Whatever ended it (memory ran short, a person, a crash of the machine) was not the stage's own doing.
		isLoss: exitCode === null && errorMessage === null,
	};
}

function failureOf(error: unknown): Failure {
	const isFinal = error instanceof AppError && (error.code === "BAD_DATA" || error.code === "BAD_REQUEST");
	return { message: messageOf(error), exitCode: null, isRetryable: !isFinal };
}
