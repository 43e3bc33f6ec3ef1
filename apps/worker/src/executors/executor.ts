import type { HostFacts, StageEvent, StageNeeds, StageSpec } from "@atelier/core";
import type { Ref } from "@atelier/store";

/** What was handed to an executor, by the names that the worker gave it. */
export interface Submitted {
	/** The submission's id, unique for ever: of a stage the attempt's id. */
	id: string;
	/** Folder of this machine for what it leaves: spec, logs, events and, once collected, receipt and outputs. */
	folder: string;
}

/** A submission with the handle that {@link Executor.submit} gave, as the record keeps it. */
export interface Execution extends Submitted {
	/** Opaque text, read by the executor that gave it alone: of a local process `pid@start`. */
	handle: string;
}

/** One attempt of a stage: `python -m atelier_trainer run`. */
export interface StageSubmission extends Submitted {
	command: "run";
	/**
	 * What the trainer is told, with refs of the store where it will have folders: in `inputs` and `output`. The executor
	 * puts folders of its host in their places.
	 */
	spec: StageSpec;
	/** Input name → key of the stage that made it, or the dataset's id: equal keys, equal content. */
	inputKeys: Readonly<Record<string, string>>;
	needs: StageNeeds;
	/** An earlier attempt of the stage that left checkpoints, in the folder that the store keeps for it; if there is one. */
	resume: Ref | null;
}

/** One live model server: `python -m atelier_trainer serve`. It listens on the worker's loopback, so only `local` has them. */
export interface ServerSubmission extends Submitted {
	command: "serve";
	spec: Readonly<Record<string, unknown>>;
}

export type Submission = StageSubmission | ServerSubmission;

/**
 * What an executor knows of an execution. `gone`: nothing of it runs and nothing will, and how it ended is not known; its
 * receipt, if it left one, is the truth. `unreachable`: the host does not answer, which says nothing of the execution.
 */
export type ExecutionState =
	| { is: "running" }
	| { is: "ended"; exitCode: number | null; signal: string | null }
	| { is: "gone" }
	| { is: "unreachable"; since: Date };

/** Events from an offset on, and the offset at which the next ones will be found. */
export interface EventBatch {
	events: StageEvent[];
	/** Opaque; 0 is the beginning. */
	offset: number;
	/** More is there already. */
	hasMore: boolean;
}

/**
 * Runs the trainer on one host. Everything about a host is behind this: its callers know neither pids nor clusters.
 *
 * A host that does not answer is no error of {@link state} but one of its answers; the others raise
 * {@link HostUnreachable}, and are called again. Each method may be called by any worker, not only by the one that
 * submitted, and any number of times. `apps/worker/test/executors` holds what every executor must do.
 */
export interface Executor {
	/** Name of the host in the record. */
	readonly host: string;

	/**
	 * Starts the trainer, once: a submission whose id is known is not started again, whatever became of it, and its handle
	 * is given back. Returns when the host has it.
	 *
	 * @throws AppError UNAVAILABLE when the host refuses it, with the reason
	 */
	submit(submission: Submission): Promise<string>;

	/** The handle of a submission that may have been made: its worker died before it could write the handle down. */
	find(submitted: Submitted): Promise<string | null>;

	/** Never throws. */
	state(execution: Execution): Promise<ExecutionState>;

	/**
	 * Events in their order, at most some hundred kilobytes of them at once. One may come twice: `seq` tells them apart.
	 */
	events(execution: Submitted, offset: number): Promise<EventBatch>;

	/** Ends it with all its processes: asked at first, and soon made to. Returns when nothing of it runs. Of a
	 * submission that never was, nothing does. */
	stop(execution: Execution): Promise<void>;

	/**
	 * Brings what it left, receipt last, into its folder: of outputs what the worker loads into the record. Nothing is
	 * brought of one that left no receipt, which is no error. Repeating it goes on.
	 *
	 * @throws AppError BAD_DATA when something is not what the receipt lists
	 */
	collect(execution: Submitted): Promise<void>;

	/** Waits until its state may have changed, at most a moment; returns at once when the signal is raised. */
	pause(execution: Execution, signal: AbortSignal): Promise<void>;

	/**
	 * What the host has. Cheap enough to be asked every half a minute.
	 *
	 * @throws AppError UNAVAILABLE with the reason for which it cannot be used
	 */
	probe(signal?: AbortSignal): Promise<HostFacts>;
}

/** The host does not answer: nothing follows from it but to ask again. */
export class HostUnreachable extends Error {
	override readonly name = "HostUnreachable";
	constructor(host: string, reason: string, options?: ErrorOptions) {
		super(`Host ${host} does not answer: ${reason}`, options);
	}
}
