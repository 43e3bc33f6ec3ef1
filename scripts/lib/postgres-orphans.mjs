import { readdirSync, readlinkSync, realpathSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { commandOf, isAlive } from "./processes.mjs";

/**
 * Ends what a killed postmaster left running: its backends finish their queries first, and while one of them is there no
 * server starts on this data. Killing them outright loses nothing, since the next start recovers from the log anyway.
 * Elsewhere than on Linux a process does not tell whose data it works on; there the start waits for them.
 *
 * @param {string} data a data directory without a postmaster
 */
export async function endOrphanedBackends(data) {
	if (process.platform !== "linux") return;
	const place = realpathSync(data);
	const orphans = readdirSync("/proc")
		.map(Number)
		.filter((pid) => pid > 0 && workingFolderOf(pid) === place && /postgres/.test(commandOf(pid)));
	for (const pid of orphans) {
		try {
			process.kill(pid, "SIGKILL");
		} catch {
			// It ended in between.
		}
	}
	while (orphans.some(isAlive)) await delay(20);
}

/** @param {number} pid */
function workingFolderOf(pid) {
	try {
		return readlinkSync(`/proc/${pid}/cwd`);
	} catch {
		return null;
	}
}
