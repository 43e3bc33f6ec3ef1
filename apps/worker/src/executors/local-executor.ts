import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type StageSpec, stageSpec } from "@atelier/core";
import type { Database } from "@atelier/db";
import type { Store } from "@atelier/store";
import type { WorkerEnv } from "../env";
import type { HeldAttempt } from "../stages/attempt";
import { processIn, writeProcessFile } from "./process-file";
import { identify, isAlive, type ProcessIdentity } from "./process-identity";
import { stopProcess } from "./stop-process";
import { startTrainer } from "./trainer-command";

const ADOPTED_POLL_MS = 250;

/** How a trainer process ended. `exitCode` is null for a signal, and for a process that another worker had started. */
export interface ProcessEnd {
	exitCode: number | null;
	signal: NodeJS.Signals | null;
}

/** Runs trainer stages as detached processes on this machine. */
export class LocalExecutor {
	constructor(
		private readonly db: Database,
		private readonly env: WorkerEnv,
		private readonly store: Store,
	) {}

	/**
	 * Starts the trainer on an attempt and waits for its end. Raising `signal` with `cancelled` ends the process group:
	 * SIGTERM at once, SIGKILL a second later. With any other reason it goes on, for another worker to take up.
	 */
	async run(attempt: HeldAttempt, signal: AbortSignal): Promise<ProcessEnd> {
		const inputs: Record<string, string> = {};
		for (const [name, ref] of Object.entries(attempt.inputs)) {
			inputs[name] = await this.store.folder(ref, { holder: attempt.id, signal });
		}
		await mkdir(attempt.folder, { recursive: true });
		const spec = join(attempt.folder, "spec.json");
		await writeFile(spec, `${JSON.stringify(this.specOf(attempt, inputs), null, 1)}\n`);
		const child = startTrainer(this.env, "run", spec, attempt.folder);
		const ended = endOf(child);
		const running = child.pid === undefined ? null : await identify(child.pid);
		if (running !== null) {
			// First a file, then the record: whoever finds this attempt without its worker can tell whether it still runs.
			writeProcessFile(attempt.folder, running);
			const { pid, startedAt: pidStartedAt } = running;
			// The file will do where the record is away: a process that runs must not be taken for one that could not start.
			await this.db.attempt
				.updateMany({ where: { id: attempt.id }, data: { pid, pidStartedAt } })
				.catch(() => undefined);
		}
		return this.watch(running, ended, signal);
	}

	/** Waits for the end of a process that an earlier worker started. */
	async adopt(process: ProcessIdentity, signal: AbortSignal): Promise<ProcessEnd> {
		const ended = (async () => {
			while (await isAlive(process)) await delay(ADOPTED_POLL_MS);
			return { exitCode: null, signal: null };
		})();
		return this.watch(process, ended, signal);
	}

	/** The trainer process of an attempt, if it still runs. */
	findProcess(folder: string): Promise<ProcessIdentity | null> {
		return processIn(folder);
	}

	private async watch(
		process: ProcessIdentity | null,
		ended: Promise<ProcessEnd>,
		signal: AbortSignal,
	): Promise<ProcessEnd> {
		let leave: (end: ProcessEnd) => void = () => undefined;
		const left = new Promise<ProcessEnd>((resolve) => {
			leave = resolve;
		});
		let stopped: Promise<void> | undefined;
		const stop = () => {
			if (signal.reason !== "cancelled") leave({ exitCode: null, signal: null });
			else if (process !== null) stopped = stopProcess(process);
		};
		if (signal.aborted) stop();
		signal.addEventListener("abort", stop, { once: true });
		try {
			const end = await Promise.race([ended, left]);
			// Not before its children are gone too.
			await stopped;
			return end;
		} finally {
			signal.removeEventListener("abort", stop);
		}
	}

	private specOf(attempt: HeldAttempt, inputs: Record<string, string>): StageSpec {
		return stageSpec.parse({
			contract: 1,
			kind: attempt.kind,
			revision: attempt.revision,
			key: attempt.stageKey,
			params: attempt.params,
			inputs,
			output: attempt.folder,
			seed: attempt.seed,
			device: "auto",
			threads: this.env.ATELIER_TRAINER_THREADS,
			attempt: attempt.id,
		});
	}
}

/** @returns an exit code of null with the reason in `signal` null when the process could not even be started */
async function endOf(child: ChildProcess): Promise<ProcessEnd> {
	try {
		const [exitCode, signal]: (number | NodeJS.Signals | null)[] = await once(child, "exit");
		return {
			exitCode: typeof exitCode === "number" ? exitCode : null,
			signal: typeof signal === "string" ? signal : null,
		};
	} catch (error) {
		throw new Error(`The trainer could not be started: ${error instanceof Error ? error.message : String(error)}`, {
			cause: error,
		});
	}
}
