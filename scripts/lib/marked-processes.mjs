import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { commandOf } from "./processes.mjs";

/**
 * How a program's processes are known. `mark`: a variable, as in `NAME=value`, that what it starts inherits. A process that
 * gives itself a title writes over its environment: such are known by how their title begins, and by a working folder in
 * the program's own.
 * @typedef {{ mark: string, titled?: { title: string, folder: string } }} Marks
 */

/**
 * Processes of a program, whatever groups and sessions they are in. On Linux alone; elsewhere none are found.
 * @param {Marks} marks
 * @returns {{ pid: number, command: string }[]}
 */
export function markedProcesses({ mark, titled }) {
	if (process.platform !== "linux") return [];
	return readdirSync("/proc")
		.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
		.map((name) => ({ pid: Number(name), command: commandOf(Number(name)) }))
		.filter(
			({ pid, command }) =>
				hasMark(pid, mark) || (titled && command.startsWith(titled.title) && isIn(titled.folder, pid)),
		);
}

/** @param {string} folder @param {number} pid */
function isIn(folder, pid) {
	try {
		return `${readlinkSync(`/proc/${pid}/cwd`)}${sep}`.startsWith(`${folder}${sep}`);
	} catch {
		return false;
	}
}

/** @param {number} pid @param {string} mark */
function hasMark(pid, mark) {
	try {
		return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(mark);
	} catch {
		// Gone meanwhile, or somebody else's.
		return false;
	}
}

/** SIGTERM to all of them, SIGKILL to what is left after `graceMs`; returns when none is there. @param {Marks} marks */
export async function endMarked(marks, graceMs = 2_000) {
	const until = Date.now() + graceMs;
	for (let signal = /** @type {NodeJS.Signals} */ ("SIGTERM"); ; ) {
		const left = markedProcesses(marks);
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
