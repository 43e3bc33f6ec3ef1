import { LOCAL_HOST } from "@atelier/core";
import { type Database, Prisma } from "@atelier/db";

/** The record, or a transaction on it. */
type Target = Database | Prisma.TransactionClient;

/** What is free on a host for one worker. */
export interface HostRoom {
	name: string;
	/** Nothing of the trainer starts there; what runs in the worker's threads still does. */
	draining: boolean;
	slots: number;
	gpus: number;
	/** GPUs that it has, taken or not: one that has any is kept for what needs them. */
	allGpus: number;
	/** Of one of its GPUs, else of the machine; null where nobody knows. */
	gpuMemoryGb: number | null;
	memoryGb: number | null;
}

/** What holds a slot: what runs, and what was cancelled and has not ended yet. */
const HOLDS = Prisma.sql`(attempt.status = 'running' OR (attempt.status = 'cancelled' AND attempt.finished_at IS NULL))`;

/**
 * Hosts that a worker may begin stages on, each with what is free there, as the record has it: of a host that all workers
 * share whoever runs it is counted, of `local` what this worker runs on its own machine.
 *
 * @param own slots of this worker
 */
export async function hostRooms(
	target: Target,
	workerId: string,
	own: number,
	only: string | null = null,
): Promise<HostRoom[]> {
	const one = only === null ? Prisma.empty : Prisma.sql`AND host.name = ${only}`;
	return target.$queryRaw<HostRoom[]>`
		SELECT host.name, host.draining, host.gpus AS "allGpus",
			greatest(0, CASE WHEN host.name = ${LOCAL_HOST} THEN coalesce(host.slots, ${own}) ELSE coalesce(host.slots, 1) END
				- held.count)::integer AS slots,
			greatest(0, host.gpus - held.gpus)::integer AS gpus,
			(SELECT min((gpu->>'memoryBytes')::float8) / 1e9 FROM jsonb_array_elements(
				CASE jsonb_typeof(host.facts->'gpus') WHEN 'array' THEN host.facts->'gpus' ELSE '[]' END) AS gpu
			) AS "gpuMemoryGb",
			(host.facts->>'memoryBytes')::float8 / 1e9 AS "memoryGb"
		FROM host, LATERAL (
			SELECT count(*)::integer AS count, coalesce(sum(attempt.gpus), 0)::integer AS gpus FROM attempt
			WHERE attempt.host = host.name AND ${HOLDS} AND (host.name <> ${LOCAL_HOST} OR attempt.worker_id = ${workerId})
		) AS held
		WHERE host.state = 'reachable' AND (NOT host.draining OR host.name = ${LOCAL_HOST}) ${one}
		ORDER BY host.name <> ${LOCAL_HOST}, host.name`;
}
