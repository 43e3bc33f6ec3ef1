import type { ReadableFolders, UploadStore } from "@atelier/data";
import type { Database, Pool } from "@atelier/db";
import type { Queue } from "@atelier/jobs";
import type { Store } from "@atelier/store";
import type { WorkerEnv } from "./env";
import type { Executors } from "./executors/executors";
import type { HomeFolders } from "./home-folders";
import type { TrainerState } from "./trainer-state";

/**
 * Why running work is told to end; the `reason` of its abort signal. `taken`: another worker goes on with the same
 * process. `shutdown`: another worker will. In both cases a trainer is left alone.
 */
export type StopReason = "cancelled" | "taken" | "shutdown";

/** Work under way in this process, by the id that a cancellation names (stage key or dataset id). */
export type Running = Map<string, { stop: (reason: StopReason) => void; ended: Promise<unknown> }>;

/** What every handler of one worker process may use. */
export interface WorkerContext {
	/** Unique to this process. */
	id: string;
	env: WorkerEnv;
	db: Database;
	pool: Pool;
	queue: Queue;
	/** By the names of hosts. */
	executors: Executors;
	/** Datasets and what attempts left; knows which files were read in full by this process. */
	store: Store;
	folders: HomeFolders;
	uploads: UploadStore;
	/** Where files may be read that a request names. */
	readable: ReadableFolders;
	running: Running;
	/** Everything begun that a stop waits for: running attempts, and what follows from ended ones. None of it rejects. */
	background: Set<Promise<void>>;
	trainer: () => TrainerState;
	/** A slot has become free, or a host can be used: stages may begin. */
	wake: () => void;
	/** A run has its results: the attributes of its examples are read, where no run had them before. */
	noteResults: (runId: string) => void;
	/** True once the worker is told to stop: nothing new starts. */
	isStopping: () => boolean;
	log: (message: string) => void;
}
