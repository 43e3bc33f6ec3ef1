import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { home as checkoutHome, root } from "../../scripts/lib/paths.mjs";
import { freePort } from "../../scripts/lib/ports.mjs";
import { postgresPlace } from "../../scripts/lib/postgres-binaries.mjs";
import { isAlive, startTimeOf } from "../../scripts/lib/processes.mjs";
import { stopTrainerProcesses, trainerProcesses } from "../../scripts/lib/trainer-processes.mjs";
import { type ConsoleClient, consoleClient } from "../console/console-client";
import { env } from "../env";

export const MEMBERS = ["worker", "trainer", "console", "postgres", "supervisor", "model server"] as const;
export type Member = (typeof MEMBERS)[number];

/** An Atelier of its own, with the embedded Postgres, started as a person starts it: `npm start`'s script. */
export class Installation {
	readonly home = mkdtempSync(join(tmpdir(), "atelier-kills-"));
	readonly printed: string[] = [];
	private child: ChildProcess | null = null;
	private readonly port: Promise<number> = freePort();

	constructor() {
		// What is installed in the checkout's home is used from there.
		mkdirSync(join(this.home, "venvs"));
		const venvs = {
			trainer: join(checkoutHome, "venvs"),
			postgres: join(
				postgresPlace(checkoutHome, () => {}),
				"venvs",
			),
		};
		for (const [name, folder] of Object.entries(venvs)) {
			if (existsSync(join(folder, name))) symlinkSync(join(folder, name), join(this.home, "venvs", name), "junction");
		}
		mkdirSync(join(checkoutHome, "stamps"), { recursive: true });
		symlinkSync(join(checkoutHome, "stamps"), join(this.home, "stamps"), "junction");
		process.once("exit", () => this.child?.kill("SIGTERM"));
	}

	/** @throws Error with what the start printed, when it ends before the console answers */
	async start(): Promise<void> {
		const url = `http://127.0.0.1:${await this.port}`;
		const { DATABASE_URL: _, ...inherited } = env.all;
		const child = spawn(process.execPath, [join(root, "scripts", "start.mjs")], {
			cwd: root,
			env: { ...inherited, ATELIER_HOME: this.home, ATELIER_PORT: String(await this.port), ATELIER_WORKER_SLOTS: "2" },
			stdio: ["ignore", "pipe", "pipe"],
		});
		this.child = child;
		await new Promise<void>((resolve, reject) => {
			for (const stream of [child.stdout, child.stderr]) {
				createInterface({ input: stream }).on("line", (line) => {
					this.printed.push(line);
					if (line.trim().startsWith(`${url}/`)) resolve();
				});
			}
			child.once("exit", (code, signal) =>
				reject(new Error(`npm start ended with ${code ?? signal}:\n${this.printed.slice(-12).join("\n")}`)),
			);
		});
	}

	isStarted(): boolean {
		return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
	}

	wasKilled(): boolean {
		return this.child?.signalCode === "SIGKILL";
	}

	async client(): Promise<ConsoleClient> {
		const token = readFileSync(join(this.home, "cli-token"), "utf8").trim();
		return consoleClient({ url: `http://127.0.0.1:${await this.port}`, token });
	}

	/** The record, for the role that console and worker have. */
	databaseUrl(): string {
		const password = readFileSync(join(this.home, "database-password"), "utf8").trim();
		const port = readFileSync(join(this.home, "postgres", "port"), "utf8").trim();
		return `postgresql://atelier_app:${password}@127.0.0.1:${port}/atelier`;
	}

	/** The process of each member that runs just now. */
	async members(): Promise<Map<Member, number[]>> {
		const found = new Map<Member, number[]>();
		const add = (member: Member, pid: number | undefined) => {
			if (pid !== undefined && pid > 0 && isAlive(pid)) found.set(member, [...(found.get(member) ?? []), pid]);
		};
		add("supervisor", this.isStarted() ? this.child?.pid : undefined);
		for (const { name, pid, startedAt } of readServices(join(this.home, "processes.json"))) {
			if (startTimeOf(pid) === startedAt && (name === "worker" || name === "console")) add(name, pid);
		}
		add("postgres", postmasterOf(join(this.home, "postgres", "data", "postmaster.pid")));
		for (const { pid, does } of await trainerProcesses(this.home))
			add(does === "serve" ? "model server" : "trainer", pid);
		return found;
	}

	/** Ctrl-C, and then what it leaves for a next start that there is not. @returns trainers that it left */
	async stop(): Promise<number> {
		const { child } = this;
		if (child !== null && this.isStarted()) {
			const ended = new Promise((resolve) => child.once("exit", resolve));
			child.kill("SIGTERM");
			await ended;
		}
		return stopTrainerProcesses(this.home);
	}

	remove(): void {
		rmSync(this.home, { recursive: true, force: true });
	}
}

function readServices(file: string): { name: string; pid: number; startedAt: string }[] {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch {
		// It is written anew just now, or there is none yet.
		return [];
	}
}

function postmasterOf(file: string): number | undefined {
	return existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[0]) : undefined;
}
