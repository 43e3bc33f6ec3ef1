import { messageOf } from "@atelier/core";
import type { ProcessIdentity } from "../executors/process-identity";
import type { WorkerContext } from "../worker-context";

/** A server that was ready has ended; one that loads still is its handler's to judge. */
export async function noteStopped({ db, log }: WorkerContext, key: string, process: ProcessIdentity): Promise<void> {
	const where = { key, status: "ready", pid: process.pid, pidStartedAt: process.startedAt };
	const data = { status: "stopped", port: null, pid: null, pidStartedAt: null, workerId: null };
	await db.modelServer
		.updateMany({ where, data })
		.catch((error: unknown) => log(`model server ${key}: ${messageOf(error)}`));
}
