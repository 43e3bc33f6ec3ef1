import { Worker } from "node:worker_threads";
import { AppError, messageOf } from "@atelier/core";
import { type ThreadRequest, threadMessage } from "./thread-message";

const HEAP_MB = 4_096;
/** A statement of DuckDB must be interrupted first: a thread that is ended waits for it. */
const TERMINATE_AFTER_MS = 250;
/** Loading the modules of a stage costs more than most stages: a thread stays for the next order, for a while. */
const IDLE_MS = 60_000;

export interface ThreadOrder<Order> {
	/** The TypeScript module that the thread runs, which calls `serveOrders`. */
	module: URL;
	/** Plain data. */
	order: Order;
	/** As a message names the thread: `The thread of stage split`. */
	name: string;
	signal: AbortSignal;
	onProgress?: (done: number, total: number) => void;
	/** Most that the thread's JavaScript objects may take; DuckDB's buffers and typed arrays lie outside. */
	heapMb?: number;
}

/** Threads between two orders, by module. */
const idle = new Map<string, Set<Worker>>();

/**
 * Does one piece of work in a thread of its own, so that this process goes on renewing leases, beating and hearing
 * cancellations whatever is computed. A thread that runs out of memory or crashes ends nothing but itself.
 *
 * @returns what the thread's work returned, as a message carries it.
 * @throws AppError CANCELLED once `signal` is raised and the thread is gone, what the work threw, or INTERNAL for a thread
 * that ended by itself.
 */
export async function runThread<Order>(wanted: ThreadOrder<Order>): Promise<unknown> {
	const { module, order, name, signal, onProgress, heapMb = HEAP_MB } = wanted;
	if (signal.aborted) throw cancelled(name);
	const thread = takeIdle(module.href) ?? startThread(module.href, heapMb);
	const say = (request: ThreadRequest<Order>) => thread.postMessage(request);
	let timer: NodeJS.Timeout | undefined;
	const stop = () => {
		say({ type: "stop" });
		timer = setTimeout(() => void thread.terminate(), TERMINATE_AFTER_MS);
	};
	signal.addEventListener("abort", stop, { once: true });
	try {
		const answered = answerOf(thread, name, onProgress);
		say({ type: "order", order });
		const value = await answered;
		// Told to stop after the work was done: whoever said so counts on it.
		if (signal.aborted) throw cancelled(name);
		keepIdle(module.href, thread);
		return value;
	} catch (error) {
		await thread.terminate();
		if (signal.aborted) throw cancelled(name);
		throw error;
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", stop);
	}
}

function cancelled(name: string): AppError {
	return new AppError("CANCELLED", `${name} was told to stop.`);
}

function startThread(module: string, heapMb: number): Worker {
	const thread = new Worker(new URL("./enter.mjs", import.meta.url), {
		workerData: module,
		execArgv: [],
		resourceLimits: { maxOldGenerationSizeMb: heapMb },
	});
	// One that crashes between two orders is gone without a word.
	thread.on("error", () => undefined);
	thread.once("exit", () => idle.get(module)?.delete(thread));
	return thread;
}

/** Resolves when the thread has done its order; rejects when that fails, or the thread ends. */
function answerOf(thread: Worker, name: string, onProgress: ThreadOrder<unknown>["onProgress"]): Promise<unknown> {
	return new Promise((resolve, reject) => {
		let crash: unknown;
		const onMessage = (given: unknown) => {
			const message = threadMessage.parse(given);
			if (message.type === "progress") return onProgress?.(message.done, message.total);
			leave();
			if (message.type === "done") resolve(message.value);
			else reject(message.code === null ? new Error(message.message) : new AppError(message.code, message.message));
		};
		// What nothing in the thread caught, running out of memory among it; the exit follows.
		const onError = (error: unknown) => {
			crash = error;
		};
		const onExit = (code: number) => {
			leave();
			const why = crash === undefined ? `ended with code ${code}` : `crashed: ${messageOf(crash)}`;
			reject(new AppError("INTERNAL", `${name} ${why}.`, { cause: crash }));
		};
		const leave = () => thread.off("message", onMessage).off("error", onError).off("exit", onExit);
		thread.on("message", onMessage).on("error", onError).on("exit", onExit);
	});
}

function takeIdle(module: string): Worker | undefined {
	const [thread] = idle.get(module) ?? [];
	if (thread === undefined) return undefined;
	idle.get(module)?.delete(thread);
	thread.ref();
	return thread;
}

function keepIdle(module: string, thread: Worker): void {
	const others = idle.get(module) ?? new Set();
	idle.set(module, others.add(thread));
	// Nothing waits for it: the process may end.
	thread.unref();
	setTimeout(() => {
		if (others.delete(thread)) void thread.terminate();
	}, IDLE_MS).unref();
}
