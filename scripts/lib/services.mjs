import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "./failure.mjs";
import { inHome } from "./paths.mjs";
import { isAlive, startTimeOf, stopProcess } from "./processes.mjs";
import { RestartBudget } from "./restart-budget.mjs";
import { lastLines } from "./run.mjs";

const isWindows = process.platform === "win32";

/** Counts what a service prints again and again. */
const countOutput = new URL("./count-output.mjs", import.meta.url).href;

/**
 * @typedef {{ name: string, args: string[], cwd: string, env: NodeJS.ProcessEnv }} ServiceDefinition
 * a Node program; `name` is also that of its log
 * @typedef {{ name: string, pid: number, startedAt: string | null }} ProcessRecord
 */

/** The console and the worker: starts them, starts them again when they end by themselves, and stops them. */
export class Services {
	/** @type {Map<string, import("node:child_process").ChildProcess>} */
	#running = new Map();
	/** @type {Map<string, RestartBudget>} */
	#budgets = new Map();
	#stopping = false;
	#record = inHome("processes.json");

	/** @param {(error: Failure) => void} onHopeless told when a service ends again and again */
	constructor(onHopeless) {
		this.onHopeless = onHopeless;
	}

	/** Stops what a killed start left running. @returns {Promise<string[]>} the names of what was stopped */
	async stopLeftovers() {
		const left = readRecords(this.#record).filter(({ pid, startedAt }) => startedAt && startTimeOf(pid) === startedAt);
		await Promise.all(left.map(({ pid }) => stopGroup(pid)));
		return left.map(({ name }) => name);
	}

	/** @param {ServiceDefinition} definition */
	start(definition) {
		if (this.#stopping) return;
		const { name, args, cwd, env } = definition;
		const log = openSync(logOf(name), "a");
		// A process group of its own: Ctrl-C in the terminal reaches only us, and we stop everything in order.
		const child = spawn(process.execPath, ["--import", countOutput, ...args], {
			cwd,
			env,
			detached: !isWindows,
			windowsHide: true,
			stdio: ["ignore", log, log],
		});
		closeSync(log);
		this.#running.set(name, child);
		this.#writeRecord();
		child.once("exit", (code, signal) => {
			this.#running.delete(name);
			if (!this.#stopping) void this.#startAgain(definition, String(code ?? signal));
		});
	}

	/** Of all services that were started, whether they run or not. */
	logs() {
		return readdirSync(dirname(logOf("x")))
			.filter((name) => name.endsWith(".log"))
			.map((name) => inHome("logs", name));
	}

	async stop() {
		this.#stopping = true;
		await Promise.all([...this.#running.values()].map(({ pid }) => pid && stopGroup(pid)));
		writeFileSync(this.#record, "[]");
	}

	/** @param {ServiceDefinition} definition @param {string} ended */
	async #startAgain(definition, ended) {
		const { name } = definition;
		const budget = this.#budgets.get(name) ?? new RestartBudget();
		this.#budgets.set(name, budget);
		const wait = budget.next();
		if (wait === null) {
			this.onHopeless(new Failure(`The ${name} ends again and again (${ended}). ${endOfLog(name)}`));
			return;
		}
		console.log(`  The ${name} ended (${ended}); it is started again. Its log: ${logOf(name)}`);
		await delay(wait);
		this.start(definition);
	}

	#writeRecord() {
		const records = [...this.#running].map(([name, { pid }]) => ({ name, pid, startedAt: startTimeOf(pid ?? 0) }));
		writeFileSync(this.#record, JSON.stringify(records));
	}
}

/** @param {string} name */
function logOf(name) {
	return inHome("logs", `${name}.log`);
}

/** @param {string} name */
export function endOfLog(name) {
	return `${logOf(name)} ends with:\n${lastLines(readFileSync(logOf(name), "utf8"), 12)}`;
}

/** @param {string} file @returns {ProcessRecord[]} */
function readRecords(file) {
	try {
		return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
	} catch {
		return [];
	}
}

/** Asks the process to end, then makes sure that nothing of its group stays. @param {number} pid */
async function stopGroup(pid) {
	await stopProcess(pid, { graceMs: 10_000 });
	if (isWindows) return;
	try {
		process.kill(-pid, "SIGKILL");
	} catch {
		// Nobody was left in the group.
	}
	while (isAlive(pid)) await delay(20);
}
