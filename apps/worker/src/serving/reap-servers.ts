import type { Execution } from "../executors/executor";
import { livingWorkers } from "../reconcile/living-workers";
import type { WorkerContext } from "../worker-context";
import { noteStopped } from "./note-stopped";
import { serverExecution } from "./server-process";

/**
 * Brings the record of model servers in line with what runs: one that ended by itself (idle, or killed) is stopped, so
 * that the next request starts it anew; one whose worker is gone is ours to look after; one that was being started when
 * its worker died is found again, or started, by a job.
 */
export async function reapServers(worker: WorkerContext): Promise<void> {
	const { db, queue, id } = worker;
	const servers = await db.modelServer.findMany({ where: { status: { in: ["starting", "ready"] } } });
	if (servers.length === 0) return;
	const living = await livingWorkers(db);
	for (const { key, token, status, host, handle, workerId } of servers) {
		if (workerId !== null && living.has(workerId) && workerId !== id) continue;
		// At most one job of a key waits or runs, so one that is being started is left to it.
		if (status === "starting") await queue.send("serve-model", { key });
		else if (handle === null) {
			await db.modelServer.updateMany({ where: { key, token, handle }, data: { status: "stopped", port: null } });
		} else if (await isUp(worker, host, serverExecution(worker.folders, key, handle))) {
			await db.modelServer.updateMany({ where: { key, token, workerId }, data: { workerId: id } });
		} else await noteStopped(worker, key, handle);
	}
}

async function isUp({ executors }: WorkerContext, host: string, execution: Execution): Promise<boolean> {
	return (await (await executors.of(host)).state(execution)).is === "running";
}
