import type { WorkerContext } from "../worker-context";
import { isWorkerGone, type WorkerProcess } from "./living-workers";

interface AttemptRow extends WorkerProcess {
	id: string;
	stageKey: string;
	workerId: string;
	isExpired: boolean;
}

export interface Orphan {
	id: string;
	/** The worker that held it. */
	workerId: string;
}

/**
 * Running attempts that nobody looks after: their worker is known to be gone (it ran on this machine and its process is
 * not there), or their lease has run out. Our own can be among them: the record was away when one of them ended.
 */
export async function findOrphans({ db, id, running }: WorkerContext): Promise<Orphan[]> {
	const attempts = await db.$queryRaw<AttemptRow[]>`
		SELECT attempt.id, attempt.stage_key AS "stageKey", attempt.worker_id AS "workerId", worker.hostname, worker.pid,
			worker.pid_started_at AS "pidStartedAt",
			attempt.lease_until < now() AT TIME ZONE 'UTC' AS "isExpired"
		FROM attempt LEFT JOIN worker_heartbeat AS worker ON worker.id = attempt.worker_id
		WHERE attempt.status = 'running'`;
	const orphans: Orphan[] = [];
	for (const attempt of attempts) {
		const isOurs = attempt.workerId === id;
		if (isOurs && running.has(attempt.stageKey)) continue;
		if (attempt.isExpired || (!isOurs && (await isWorkerGone(attempt)))) orphans.push(attempt);
	}
	return orphans;
}
