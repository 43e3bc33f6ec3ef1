import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A process, told apart from a later one that got the same pid by the time at which the kernel started it. */
export interface ProcessIdentity {
	pid: number;
	/** Opaque; equal for the same process. */
	startedAt: string;
}

/** The identity of a running process; null when there is none (a zombie counts as none). */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
	const startedAt = process.platform === "linux" ? await linuxStart(pid) : await psStart(pid);
	return startedAt === null ? null : { pid, startedAt };
}

export async function isAlive(process: ProcessIdentity): Promise<boolean> {
	return (await identify(process.pid))?.startedAt === process.startedAt;
}

async function linuxStart(pid: number): Promise<string | null> {
	try {
		const stat = await readFile(`/proc/${pid}/stat`, "utf8");
		// The command, in brackets, may itself hold blanks and brackets; the fields after it are plain.
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		const [state, startTicks] = [fields[0], fields[19]];
		return state === "Z" || state === "X" || startTicks === undefined ? null : startTicks;
	} catch {
		return null;
	}
}

async function psStart(pid: number): Promise<string | null> {
	try {
		const { stdout } = await run("ps", ["-o", "stat=,lstart=", "-p", String(pid)]);
		const [state = "", ...started] = stdout.trim().split(/\s+/);
		return state === "" || state.startsWith("Z") ? null : started.join(" ");
	} catch {
		return null;
	}
}

/** Sends a signal to a detached process and all its children; false when it was gone. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
	try {
		process.kill(process.platform === "win32" ? pid : -pid, signal);
		return true;
	} catch {
		return false;
	}
}
