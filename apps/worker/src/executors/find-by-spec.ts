import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { identify, type ProcessIdentity } from "./process-identity";

const run = promisify(execFile);

/**
 * The trainer process that was given this spec, if one runs: for where a worker was killed between starting it and
 * writing down which process it is. The spec's path names an attempt or a model server, so it fits no other.
 */
export async function findBySpec(spec: string): Promise<ProcessIdentity | null> {
	const found = process.platform === "linux" ? await inProc(spec) : await inPs(spec);
	for (const pid of found) {
		const identity = await identify(pid);
		if (identity !== null) return identity;
	}
	return null;
}

async function inProc(spec: string): Promise<number[]> {
	const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
	const found: number[] = [];
	for (const pid of pids) {
		const words = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
		if (words.includes("atelier_trainer") && words.includes(spec)) found.push(Number(pid));
	}
	return found;
}

async function inPs(spec: string): Promise<number[]> {
	const { stdout } = await run("ps", ["-A", "-ww", "-o", "pid=,args="], { maxBuffer: 64 * 1024 * 1024 });
	return stdout
		.split("\n")
		.filter((line) => line.includes("-m atelier_trainer ") && line.endsWith(` ${spec}`))
		.map((line) => Number.parseInt(line, 10));
}
