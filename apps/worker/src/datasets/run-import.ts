import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { AppError } from "@atelier/core";
import { type CheckedRanks, type ImportOutcome, type ImportProgress, removeAbandonedImports } from "@atelier/data";
import { importEnvironment } from "../env";
import {
	type Finished,
	type ImportOrder,
	importMessage,
	type ProcessOrder,
	type RanksOrder,
	type WorkerMessage,
} from "./import-message";

const ENTRY = fileURLToPath(new URL("./enter-import.mjs", import.meta.url));
/** Most that the process's JavaScript objects may take; DuckDB's buffers lie outside. */
const HEAP_MB = 2_048;
/** Loading the modules costs more than a small import does: a process stays for the next one, for a while. */
const IDLE_MS = 60_000;

export interface ImportCompany {
	onProgress: (progress: ImportProgress) => void;
	/** See `ImportOptions.isWhole`. */
	isWhole: (datasetId: string) => Promise<boolean>;
	signal: AbortSignal;
}

/** Processes between two imports. */
const idle = new Set<ChildProcess>();

/**
 * Imports in another process (docs/decisions/0013), which is killed the moment `signal` is raised, whatever it is in the
 * middle of; one that crashes or runs out of memory fails its own import only. Nothing of it stays in the store.
 *
 * @throws AppError CANCELLED, what the import threw, or INTERNAL for a process that ended by itself
 */
export async function runImport(order: ImportOrder, company: ImportCompany): Promise<ImportOutcome> {
	try {
		const finished = await inProcess({ what: "log", ...order }, company);
		if (finished.type !== "done") throw new AppError("INTERNAL", "The import's process answered something else.");
		return finished.outcome;
	} catch (error) {
		await removeAbandonedImports(order.store);
		throw error;
	}
}

/** Checks a file of ranks in such a process. @throws as {@link runImport} */
export async function runRanksCheck(order: RanksOrder, company: Omit<ImportCompany, "isWhole">): Promise<CheckedRanks> {
	const finished = await inProcess({ what: "ranks", ...order }, { ...company, isWhole: async () => false });
	if (finished.type !== "checked") throw new AppError("INTERNAL", "The import's process answered something else.");
	return finished.outcome;
}

async function inProcess(order: ProcessOrder, company: ImportCompany): Promise<Finished> {
	const { signal } = company;
	if (signal.aborted) throw cancelled();
	const child = takeIdle() ?? startProcess();
	const stop = () => void child.kill("SIGKILL");
	signal.addEventListener("abort", stop, { once: true });
	try {
		const answered = answerOf(child, company);
		say(child, { type: "order", order });
		const finished = await answered;
		if (signal.aborted) throw cancelled();
		keepIdle(child);
		return finished;
	} catch (error) {
		// Of a bad file nobody knows what it left in the process.
		if (isRunning(child)) {
			stop();
			await once(child, "exit");
		}
		if (signal.aborted) throw cancelled();
		throw error;
	} finally {
		signal.removeEventListener("abort", stop);
	}
}

function startProcess(): ChildProcess {
	const child = fork(ENTRY, {
		env: importEnvironment(),
		execArgv: [`--max-old-space-size=${HEAP_MB}`],
		stdio: ["ignore", "ignore", "inherit", "ipc"],
	});
	// One that ends between two imports is gone without a word.
	child.on("error", () => undefined);
	child.once("exit", () => idle.delete(child));
	return child;
}

function isRunning(child: ChildProcess): boolean {
	return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function takeIdle(): ChildProcess | undefined {
	const [child] = idle;
	if (child === undefined) return undefined;
	idle.delete(child);
	child.ref();
	child.channel?.ref();
	return child;
}

function keepIdle(child: ChildProcess): void {
	idle.add(child);
	// Nothing waits for it: the worker may end.
	child.unref();
	child.channel?.unref();
	setTimeout(() => {
		if (idle.delete(child)) child.kill("SIGKILL");
	}, IDLE_MS).unref();
}

/** A process that is gone before it hears this says why by its end. */
function say(child: ChildProcess, message: WorkerMessage): void {
	child.send(message, () => undefined);
}

function cancelled(): AppError {
	return new AppError("CANCELLED", "The import was cancelled.");
}

/** Resolves when the process has done its import; rejects when that fails, or the process ends. */
function answerOf(child: ChildProcess, { onProgress, isWhole }: ImportCompany): Promise<Finished> {
	return new Promise((resolve, reject) => {
		const onMessage = (given: unknown) => {
			const message = importMessage.parse(given);
			if (message.type === "progress") return onProgress(message.progress);
			if (message.type === "isWhole") {
				isWhole(message.datasetId).then((answer) => say(child, { type: "answer", isWhole: answer }), onError);
				return;
			}
			leave();
			if (message.type !== "failed") resolve(message);
			else reject(message.code === null ? new Error(message.message) : new AppError(message.code, message.message));
		};
		const onError = (error: unknown) => {
			leave();
			reject(error);
		};
		const onExit = (code: number | null, endedBy: string | null) => {
			leave();
			reject(new AppError("INTERNAL", `The import's process ended by itself (${endedBy ?? `code ${code}`}).`));
		};
		const leave = () => child.off("message", onMessage).off("error", onError).off("exit", onExit);
		child.on("message", onMessage).on("error", onError).on("exit", onExit);
	});
}
