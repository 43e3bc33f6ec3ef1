import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** @param {number} pid */
export function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return !isZombie(pid);
	} catch (error) {
		// EPERM: it exists and belongs to someone else.
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}

/** In a container without an init, a process whose parent was killed stays as a zombie for ever. @param {number} pid */
function isZombie(pid) {
	if (process.platform !== "linux") return false;
	return statOf(pid)?.state === "Z";
}

/**
 * When the process started, as the system tells it: with the pid it names one process, where a pid alone may be reused.
 * @param {number} pid
 * @returns {string | null} null when there is no such process
 */
export function startTimeOf(pid) {
	if (process.platform === "linux") return statOf(pid)?.startTime ?? null;
	if (process.platform === "win32") return isAlive(pid) ? "unknown" : null;
	try {
		return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
	} catch {
		return null;
	}
}

/** @param {number} pid @returns {string} the command line, or "" when it cannot be read */
export function commandOf(pid) {
	try {
		if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
		if (process.platform === "win32") return "";
		return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).trim();
	} catch {
		return "";
	}
}

/** @param {number} pid */
function statOf(pid) {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
		// The second field is the program's name in brackets and may hold spaces and brackets itself.
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		return { state: fields[0] ?? "", startTime: fields[19] ?? "" };
	} catch {
		return null;
	}
}

/**
 * Asks a process to end and waits for it.
 * @param {number} pid
 * @param {{ signal?: NodeJS.Signals, graceMs?: number, thenKill?: boolean }} [options]
 * @returns {Promise<boolean>} whether it is gone
 */
export async function stopProcess(pid, { signal = "SIGTERM", graceMs = 10_000, thenKill = true } = {}) {
	if (!send(pid, signal)) return true;
	if (await gone(pid, graceMs)) return true;
	if (!thenKill) return false;
	send(pid, "SIGKILL");
	return gone(pid, 2_000);
}

/** @param {number} pid @param {NodeJS.Signals} signal @returns {boolean} false when there is no such process */
function send(pid, signal) {
	try {
		process.kill(pid, signal);
		return true;
	} catch {
		return false;
	}
}

/** @param {number} pid @param {number} withinMs */
async function gone(pid, withinMs) {
	const until = Date.now() + withinMs;
	while (Date.now() < until) {
		if (!isAlive(pid)) return true;
		await delay(30);
	}
	return !isAlive(pid);
}
