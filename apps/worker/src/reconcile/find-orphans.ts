import { hostname } from "node:os";
import type { WorkerContext } from "../worker-context";

interface AttemptRow {
	id: string;
	workerId: string;
	isExpired: boolean;
	hostname: string | null;
	pid: number | null;
}

export interface Orphan {
	id: string;
	/** The worker that held it. */
	workerId: string;
}

/**
 * Running attempts that nobody looks after: their worker is known to be gone (it ran on this machine and its process is
 * not there), or their lease has run out.
 */
export async function findOrphans({ db, id }: WorkerContext): Promise<Orphan[]> {
	const attempts = await db.$queryRaw<AttemptRow[]>`
		SELECT attempt.id, attempt.worker_id AS "workerId", worker.hostname, worker.pid,
			attempt.lease_until < now() AT TIME ZONE 'UTC' AS "isExpired"
		FROM attempt LEFT JOIN worker_heartbeat AS worker ON worker.id = attempt.worker_id
		WHERE attempt.status = 'running' AND attempt.worker_id <> ${id}`;
	return attempts.filter((attempt) => attempt.isExpired || isWorkerGone(attempt));
}

function isWorkerGone(attempt: AttemptRow): boolean {
	return attempt.hostname === hostname() && attempt.pid !== null && !hasProcess(attempt.pid);
}

/** A pid that another program got since looks alive here; the lease then decides. */
function hasProcess(pid: number): boolean {
	if (pid === process.pid) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// EPERM: it lives, under another user.
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
