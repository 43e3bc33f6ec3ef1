import { type Contrast, messageOf } from "@atelier/core";
import { type Database, Prisma } from "@atelier/db";

/** A claim that nobody renewed for so long is another's to take. */
const LEASE_SECONDS = 30;
export const RENEW_CONTRAST_EVERY_MS = 8_000;

/** Takes the contrast that waits longest; of any number of workers one gets it. Null when none waits. */
export async function claimContrast(db: Database): Promise<string | null> {
	const rows = await db.$queryRaw<{ key: string }[]>`
		UPDATE contrast SET status = 'running', lease_until = now() AT TIME ZONE 'UTC' + make_interval(secs => ${LEASE_SECONDS})
		WHERE key = (
			SELECT key FROM contrast
			WHERE status = 'queued' OR (status = 'running' AND lease_until < now() AT TIME ZONE 'UTC')
			ORDER BY created_at, key LIMIT 1 FOR UPDATE SKIP LOCKED
		)
		RETURNING key`;
	return rows[0]?.key ?? null;
}

export async function renewContrast(db: Database, key: string): Promise<void> {
	await db.$executeRaw`
		UPDATE contrast SET lease_until = now() AT TIME ZONE 'UTC' + make_interval(secs => ${LEASE_SECONDS})
		WHERE key = ${key} AND status = 'running'`;
}

/** Gives a claimed contrast back, for another worker or a later start. */
export async function releaseContrast(db: Database, key: string): Promise<void> {
	await db.contrast.updateMany({ where: { key, status: "running" }, data: { status: "queued", leaseUntil: null } });
}

/** Keeps what a contrast came to. */
export async function keepContrast(db: Database, key: string, contrast: Contrast | null): Promise<void> {
	const result = contrast === null ? Prisma.DbNull : { users: contrast.users, metrics: plain(contrast) };
	await db.contrast.updateMany({
		where: { key },
		data: { status: "succeeded", result, error: null, leaseUntil: null, finishedAt: new Date() },
	});
}

/** Keeps why a contrast could not be computed. */
export async function failContrast(db: Database, key: string, error: unknown): Promise<void> {
	await db.contrast.updateMany({
		where: { key },
		data: { status: "failed", error: messageOf(error), leaseUntil: null, finishedAt: new Date() },
	});
}

/** As JSON has it: an object of its own for each metric. */
function plain({ metrics }: Contrast): Record<string, Record<string, number>> {
	return Object.fromEntries(Object.entries(metrics).map(([name, difference]) => [name, { ...difference }]));
}
