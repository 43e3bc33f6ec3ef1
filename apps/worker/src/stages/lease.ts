import { type Database, Prisma } from "@atelier/db";

/** A worker that has not renewed for this long has lost its attempts. */
export const LEASE_SECONDS = 30;
export const RENEW_EVERY_MS = 3_000;

/** Lease times are the database's clock, so that workers with wrong clocks agree; read late, as a claim may have waited for others. */
export const LEASE_END = Prisma.sql`clock_timestamp() AT TIME ZONE 'UTC' + make_interval(secs => ${LEASE_SECONDS})`;

/** `ended`: it was cancelled or given up, and what is left of it must stop. `taken`: another worker goes on with it. */
export type Hold = "held" | "ended" | "taken";

export async function renewLease(db: Database, attemptId: string, workerId: string): Promise<Hold> {
	const count = await db.$executeRaw`
		UPDATE attempt SET lease_until = ${LEASE_END}
		WHERE id = ${attemptId} AND worker_id = ${workerId} AND status = 'running'`;
	if (count > 0) return "held";
	const attempt = await db.attempt.findUnique({ where: { id: attemptId }, select: { workerId: true } });
	return attempt !== null && attempt.workerId !== workerId ? "taken" : "ended";
}
