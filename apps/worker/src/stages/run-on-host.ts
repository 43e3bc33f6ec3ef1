import { setTimeout as delay } from "node:timers/promises";
import { AppError, messageOf, type StageSpec, stageSpec } from "@atelier/core";
import type { Ref } from "@atelier/store";
import { type Execution, type Executor, HostUnreachable, type StageSubmission } from "../executors/executor";
import type { WorkerContext } from "../worker-context";
import type { HeldAttempt } from "./attempt";
import { noteHandle, noteReachable, noteUnreachable } from "./attempt-host";

/** How a trainer ended. `exitCode` is null for a signal, and where nobody saw the end. */
export interface TrainerEnd {
	exitCode: number | null;
	signal: string | null;
}

const UNKNOWN: TrainerEnd = { exitCode: null, signal: null };
const ASK_AGAIN_MS = 1_000;

/**
 * Submits an attempt to its host, to go on from the checkpoints of `resume` if there are any, and waits for its end, as {@link watchOnHost}
 * does.
 */
export async function runOnHost(
	worker: WorkerContext,
	attempt: HeldAttempt,
	resume: Ref | null,
	signal: AbortSignal,
): Promise<TrainerEnd> {
	const executor = await worker.executors.of(attempt.host);
	const submission = { ...submissionOf(worker, attempt), resume };
	const handle = await untilAnswered(worker, attempt, signal, () => executor.submit(submission));
	return watchHandle(worker, attempt, executor, signal, handle);
}

/** Waits for the end of what an earlier worker submitted. */
export async function watchOnHost(
	worker: WorkerContext,
	attempt: HeldAttempt,
	signal: AbortSignal,
): Promise<TrainerEnd> {
	const executor = await worker.executors.of(attempt.host);
	const handle = attempt.handle ?? (await untilAnswered(worker, attempt, signal, () => executor.find(attempt)));
	return watchHandle(worker, attempt, executor, signal, handle);
}

/**
 * Waits for the end, however often the host does not answer: that says nothing of what runs there. Raising `signal` with
 * `cancelled` ends it; with any other reason it goes on, for another worker to take up. What it left is in the attempt's
 * folder then.
 */
async function watchHandle(
	worker: WorkerContext,
	attempt: HeldAttempt,
	executor: Executor,
	signal: AbortSignal,
	handle: string | null,
): Promise<TrainerEnd> {
	if (handle === null) return UNKNOWN;
	// The executor finds it again without: a process that runs must not be taken for one that could not start.
	if (handle !== attempt.handle) await noteHandle(worker.db, attempt, handle).catch(() => undefined);
	const execution: Execution = { id: attempt.id, folder: attempt.folder, handle };
	// An earlier worker may have noted it.
	let isUnreachable = attempt.handle !== null;
	for (;;) {
		if (signal.aborted) return signal.reason === "cancelled" ? stopNow(worker, attempt, executor, execution) : UNKNOWN;
		const state = await executor.state(execution);
		if (state.is === "unreachable") await noteUnreachable(worker, attempt, state.since);
		else if (isUnreachable) await noteReachable(worker, attempt);
		isUnreachable = state.is === "unreachable";
		if (state.is === "ended" || state.is === "gone") {
			await untilAnswered(worker, attempt, signal, () => collect(executor, execution));
			return state.is === "ended" ? state : UNKNOWN;
		}
		await executor.pause(execution, signal);
	}
}

/** A store that is away says as little of what is in it as a host does. */
async function collect(executor: Executor, execution: Execution): Promise<void> {
	try {
		await executor.collect(execution);
	} catch (error) {
		if (!(error instanceof AppError) || error.code !== "UNAVAILABLE") throw error;
		throw new HostUnreachable(executor.host, error.message, { cause: error });
	}
}

/** Ends it, or leaves a note that it may run still where its host does not answer: reconciliation ends it later. */
async function stopNow(
	worker: WorkerContext,
	attempt: HeldAttempt,
	executor: Executor,
	execution: Execution,
): Promise<TrainerEnd> {
	try {
		await executor.stop(execution);
	} catch (error) {
		if (!(error instanceof HostUnreachable)) throw error;
		await noteUnreachable(worker, attempt, new Date());
	}
	return UNKNOWN;
}

/** Asks the host until it answers or the attempt is told to stop. @returns null in that case */
async function untilAnswered<Result>(
	worker: WorkerContext,
	attempt: HeldAttempt,
	signal: AbortSignal,
	ask: () => Promise<Result>,
): Promise<Result | null> {
	for (let isFirst = true; ; isFirst = false) {
		try {
			const result = await ask();
			if (!isFirst) await noteReachable(worker, attempt);
			return result;
		} catch (error) {
			if (!(error instanceof HostUnreachable)) throw error;
			if (isFirst) worker.log(`${attempt.kind} ${attempt.stageKey}: ${messageOf(error)}`);
			await noteUnreachable(worker, attempt, new Date());
			if (signal.aborted) return null;
			await delay(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
		}
	}
}

function submissionOf(worker: WorkerContext, attempt: HeldAttempt): Omit<StageSubmission, "resume"> {
	const { id, folder, inputKeys, datasetId, needs } = attempt;
	return {
		id,
		folder,
		command: "run",
		spec: specOf(worker, attempt),
		inputKeys: { dataset: datasetId, ...inputKeys },
		needs,
	};
}

function specOf({ env }: WorkerContext, attempt: HeldAttempt): StageSpec {
	return stageSpec.parse({
		contract: 1,
		kind: attempt.kind,
		revision: attempt.revision,
		key: attempt.stageKey,
		params: attempt.params,
		inputs: attempt.inputs,
		output: attempt.path,
		seed: attempt.seed,
		device: "auto",
		threads: env.ATELIER_TRAINER_THREADS,
		attempt: attempt.id,
		checkpointSeconds: env.ATELIER_CHECKPOINT_SECONDS,
		processes: Math.max(1, attempt.needs.gpus),
	});
}
