import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { AppError, type HostFacts, LOCAL_HOST, messageOf } from "@atelier/core";
import type { Store } from "@atelier/store";
import { trainerEnvironment, type WorkerEnv } from "../env";
import { readEvents } from "./event-file";
import type { EventBatch, Execution, ExecutionState, Executor, Submission, Submitted } from "./executor";
import { factsOfCheck } from "./local-facts";
import { knownProcess, writeProcessFile } from "./process-file";
import { identify, isAlive, type ProcessIdentity } from "./process-identity";
import { stopProcess } from "./stop-process";
import { startTrainer } from "./trainer-command";

const run = promisify(execFile);
const POLL_MS = 250;
const CHECK_LIMIT_MS = 120_000;

/** How a process that this worker started has ended; null while it runs. */
interface Child {
	end: { exitCode: number | null; signal: string | null } | null;
	exited: Promise<void>;
}

/**
 * Runs the trainer as detached processes on this machine, which live on when the worker dies. A handle is `pid@start`: the
 * kernel's start time tells a process apart from a later one with the same pid.
 */
export class LocalExecutor implements Executor {
	readonly host = LOCAL_HOST;
	/** By handle; those that earlier workers started are not among them. */
	private readonly children = new Map<string, Child>();

	constructor(
		private readonly env: WorkerEnv,
		private readonly store: Store,
	) {}

	async submit(submission: Submission): Promise<string> {
		const { folder, command } = submission;
		const spec = join(folder, "spec.json");
		const known = existsSync(spec) ? await knownProcess(folder) : null;
		if (known !== null) return handleOf(known);
		const told = submission.command === "run" ? await this.withFolders(submission) : submission.spec;
		await mkdir(folder, { recursive: true });
		await writeFile(spec, `${JSON.stringify(told, null, 1)}\n`, { mode: 0o600 });
		const child = startTrainer(this.env, command, spec, folder);
		const failed = once(child, "error");
		if (child.pid === undefined) {
			const [error] = await failed;
			throw new AppError("UNAVAILABLE", `The trainer could not be started: ${messageOf(error)}`, { cause: error });
		}
		failed.catch(() => undefined);
		// One that ended at once has no start time any more, and needs none.
		const process = (await identify(child.pid)) ?? { pid: child.pid, startedAt: "0" };
		// Whoever finds this folder without a handle in the record can tell whether it still runs.
		writeProcessFile(folder, process);
		const handle = handleOf(process);
		this.children.set(handle, watched(child));
		return handle;
	}

	async find({ folder }: Submitted): Promise<string | null> {
		const process = await knownProcess(folder);
		return process === null ? null : handleOf(process);
	}

	async state({ handle }: Execution): Promise<ExecutionState> {
		const child = this.children.get(handle);
		// Of a child its own end counts: between the kernel's and what we hear of it lies its exit code.
		if (child !== undefined) return child.end === null ? { is: "running" } : { is: "ended", ...child.end };
		return (await isAlive(processOf(handle))) ? { is: "running" } : { is: "gone" };
	}

	events({ folder }: Submitted, offset: number): Promise<EventBatch> {
		return readEvents(join(folder, "events.ndjson"), offset);
	}

	async stop({ handle }: Execution): Promise<void> {
		await stopProcess(processOf(handle));
		await this.children.get(handle)?.exited;
	}

	/** Everything is in its folder already. */
	async collect(): Promise<void> {}

	async pause({ handle }: Execution, signal: AbortSignal): Promise<void> {
		const exited = this.children.get(handle)?.exited ?? new Promise<void>(() => undefined);
		const awake = new AbortController();
		const waited = delay(POLL_MS, undefined, { signal: AbortSignal.any([signal, awake.signal]) });
		await Promise.race([exited, waited.catch(() => undefined)]);
		awake.abort();
	}

	async probe(signal?: AbortSignal): Promise<HostFacts> {
		const { ATELIER_TRAINER_PYTHON: python, ATELIER_TRAINER_PATH: path } = this.env;
		try {
			const env = trainerEnvironment(this.env, { PYTHONPATH: path });
			const { stdout } = await run(python, ["-m", "atelier_trainer", "check"], {
				env,
				timeout: CHECK_LIMIT_MS,
				signal,
			});
			return factsOfCheck(stdout);
		} catch (error) {
			throw new AppError("UNAVAILABLE", `The trainer does not answer: ${messageOf(error)}`, { cause: error });
		}
	}

	private async withFolders({ id, folder, spec, resume }: Submission & { command: "run" }) {
		const inputs: Record<string, string> = {};
		for (const [name, ref] of Object.entries(spec.inputs)) inputs[name] = await this.store.folder(ref, { holder: id });
		const earlier = resume === null ? [] : [join(this.store.draft(resume), "checkpoints")];
		return { ...spec, inputs, output: folder, resume: earlier };
	}
}

function watched(process: ChildProcess): Child {
	const child: Child = { end: null, exited: Promise.resolve() };
	child.exited = new Promise((resolve) => {
		const ended = (exitCode: number | null, signal: string | null) => {
			child.end = { exitCode, signal };
			resolve();
		};
		if (process.exitCode !== null || process.signalCode !== null) ended(process.exitCode, process.signalCode);
		else process.once("exit", ended);
	});
	return child;
}

function handleOf({ pid, startedAt }: ProcessIdentity): string {
	return `${pid}@${startedAt}`;
}

function processOf(handle: string): ProcessIdentity {
	const at = handle.indexOf("@");
	return { pid: Number(handle.slice(0, at)), startedAt: handle.slice(at + 1) };
}
