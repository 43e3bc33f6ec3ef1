import { hostname } from "node:os";
import type { Database } from "@atelier/db";
import { isAlive } from "../executors/process-identity";
import { LEASE_SECONDS } from "../stages/lease";

export interface WorkerProcess {
	hostname: string | null;
	pid: number | null;
	pidStartedAt: string | null;
}

/** Known of workers on this machine alone; of others, and of one that did not say who it is, silence decides. */
export async function isWorkerGone({ hostname: host, pid, pidStartedAt: startedAt }: WorkerProcess): Promise<boolean> {
	if (host !== hostname() || pid === null || startedAt === null) return false;
	return !(await isAlive({ pid, startedAt }));
}

/** Ids of the workers that look after what is theirs; one that stopped has removed its row. */
export async function livingWorkers(db: Database): Promise<Set<string>> {
	const heard = await db.workerHeartbeat.findMany({
		where: { seenAt: { gte: new Date(Date.now() - LEASE_SECONDS * 1_000) } },
	});
	const living = new Set<string>();
	for (const worker of heard) if (!(await isWorkerGone(worker))) living.add(worker.id);
	return living;
}
