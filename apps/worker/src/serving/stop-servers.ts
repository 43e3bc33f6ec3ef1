import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { identify } from "../executors/process-identity";
import { stopProcess } from "../executors/stop-process";
import type { WorkerContext } from "../worker-context";

/**
 * Ends the live recommendation processes of this machine. A pid counts only while the process's command line names our
 * spec, where the system shows it, so that a pid that was given to someone else is left alone.
 */
export async function stopServers({ db, folders }: WorkerContext): Promise<void> {
	const servers = await db.modelServer.findMany({ where: { pid: { not: null } } });
	for (const { key, pid } of servers) {
		if (pid === null) continue;
		const process = await identify(pid);
		const spec = join(folders.serving(key), "spec.json");
		if (process !== null && (await commandLine(pid))?.includes(spec) !== false) await stopProcess(process);
		await db.modelServer.updateMany({ where: { key, pid }, data: { status: "stopped", pid: null, port: null } });
	}
}

/** Null where the system does not show it. */
async function commandLine(pid: number): Promise<string | null> {
	return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
}
