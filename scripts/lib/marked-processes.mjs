import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { commandOf } from "./processes.mjs";

/**
 * Processes that carry a variable in their environment, whatever groups and sessions they are in: what a program started
 * inherits it. On Linux alone; elsewhere none are found.
 * @param {string} mark as in `NAME=value`
 * @returns {{ pid: number, command: string }[]}
 */
export function markedProcesses(mark) {
	if (process.platform !== "linux") return [];
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && hasMark(name, mark))
		.map((name) => ({ pid: Number(name), command: commandOf(Number(name)) }));
}

/** @param {string} pid @param {string} mark */
function hasMark(pid, mark) {
	try {
		return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(mark);
	} catch {
		// Gone meanwhile, or somebody else's.
		return false;
	}
}

/** SIGTERM to all of them, SIGKILL to what is left after `graceMs`; returns when none is there. @param {string} mark */
export async function endMarked(mark, graceMs = 2_000) {
	const until = Date.now() + graceMs;
	for (let signal = /** @type {NodeJS.Signals} */ ("SIGTERM"); ; ) {
		const left = markedProcesses(mark);
		if (left.length === 0) return;
		for (const { pid } of left) {
			try {
				process.kill(pid, signal);
			} catch {
				// Gone meanwhile.
			}
		}
		signal = Date.now() < until ? "SIGTERM" : "SIGKILL";
		await delay(100);
	}
}
