import { setTimeout as delay } from "node:timers/promises";
import { isAlive, type ProcessIdentity, signalGroup } from "./process-identity";

const POLL_MS = 50;

/** SIGTERM to the process group, SIGKILL after `graceMs`; returns when the process is gone. */
export async function stopProcess(target: ProcessIdentity, graceMs = 1_000): Promise<void> {
	if (!(await isAlive(target))) return;
	signalGroup(target.pid, "SIGTERM");
	const killAt = Date.now() + graceMs;
	let killed = false;
	while (await isAlive(target)) {
		if (!killed && Date.now() >= killAt) {
			signalGroup(target.pid, "SIGKILL");
			killed = true;
		}
		await delay(POLL_MS);
	}
	// Children that outlived their leader; a group without members is no error.
	signalGroup(target.pid, "SIGKILL");
}
