import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** A worker in a process of its own, which can be killed and started again. */
export class WorkerProcess {
	private child: ChildProcess | null = null;

	constructor(
		private readonly variables: Record<string, string>,
		private readonly log: string,
	) {}

	start(): void {
		const log = openSync(this.log, "a");
		const { DATABASE_URL: _, ...inherited } = process.env;
		this.child = spawn(process.execPath, ["--import", "tsx", MAIN], {
			env: { ...inherited, ...this.variables },
			stdio: ["ignore", log, log],
		});
	}

	/** SIGKILL, and a new one at once. */
	async kill(): Promise<void> {
		await this.end("SIGKILL");
		this.start();
	}

	async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
		const { child } = this;
		if (child === null || child.exitCode !== null || child.signalCode !== null) return;
		const ended = once(child, "exit");
		child.kill(signal);
		await ended;
	}
}
