import { isAlive } from "../executors/process-identity";
import { livingWorkers } from "../reconcile/living-workers";
import type { WorkerContext } from "../worker-context";
import { noteStopped } from "./note-stopped";

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
	for (const { key, token, status, pid, pidStartedAt, workerId } of servers) {
		if (workerId !== null && living.has(workerId) && workerId !== id) continue;
		const process = pid === null || pidStartedAt === null ? null : { pid, startedAt: pidStartedAt };
		// At most one job of a key waits or runs, so one that is being started is left to it.
		if (status === "starting") await queue.send("serve-model", { key });
		else if (process !== null && (await isAlive(process))) {
			await db.modelServer.updateMany({ where: { key, token, workerId }, data: { workerId: id } });
		} else if (process !== null) await noteStopped(worker, key, process);
		else await db.modelServer.updateMany({ where: { key, token, pid }, data: { status: "stopped", port: null } });
	}
}
