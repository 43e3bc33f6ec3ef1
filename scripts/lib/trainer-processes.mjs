import { sep } from "node:path";
import { home } from "./paths.mjs";
import { stopProcess } from "./processes.mjs";
import { run } from "./run.mjs";

/** How the worker starts the trainer: the last argument is the spec, a file in the home. */
const TRAINER = /\s-m atelier_trainer (run|serve) (.+)$/;

/**
 * Trainer processes of a home. They are detached so as to outlive their worker, and are known by the spec they were
 * given, which lies in the home: the name alone would also fit a home whose name begins alike.
 *
 * @param {string} [of]
 * @returns {Promise<{ pid: number, does: "run" | "serve", spec: string, isLeader: boolean }[]>} `isLeader` tells the process
 *   that was started from those that it has forked, which bear its name
 */
export async function trainerProcesses(of = home) {
	if (process.platform === "win32") return [];
	const { output } = await run("ps", ["-A", "-ww", "-o", "pid=,pgid=,args="]);
	return output.split("\n").flatMap((line) => {
		const found = TRAINER.exec(line);
		if (!found?.[2]?.startsWith(of + sep)) return [];
		const [pid = 0, group = 0] = line.trim().split(/\s+/, 2).map(Number);
		return [{ pid, does: found[1] === "serve" ? "serve" : "run", spec: found[2], isLeader: pid === group }];
	});
}

/** A stage that trains finishes its step and writes a checkpoint before it leaves. */
const LEAVE_MS = 60_000;
const END_MS = 3_000;

/**
 * Ends the trainer processes of a home, or those of them that are named; the stages they worked on go on from their
 * checkpoints with the next start.
 * @param {string} [of]
 * @param {{ pid: number, does: "run" | "serve" }[]} [named]
 * @returns {Promise<number>} how many there were
 */
export async function stopTrainerProcesses(of = home, named) {
	const found = named ?? (await trainerProcesses(of));
	await Promise.all(found.map(({ pid, does }) => stopProcess(pid, { graceMs: does === "run" ? LEAVE_MS : END_MS })));
	return found.length;
}
