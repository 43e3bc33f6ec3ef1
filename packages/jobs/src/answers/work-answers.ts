import { messageOf } from "@atelier/core";
import { type Database, Prisma } from "@atelier/db";

/** Tables whose rows are asked for by the console, computed by a worker and kept by what they were computed from. */
export type AnswerTable = "contrast" | "slice_view";

/** A claim that nobody renewed for so long is another's to take. */
const LEASE_SECONDS = 30;
export const RENEW_ANSWER_EVERY_MS = 8_000;

const leaseEnd = Prisma.sql`now() AT TIME ZONE 'UTC' + make_interval(secs => ${LEASE_SECONDS})`;
const named = (table: AnswerTable) => Prisma.raw(`"${table}"`);

/** Takes the row that waits longest; of any number of workers one gets it. Null when none waits. */
export async function claimAnswer(db: Database, table: AnswerTable): Promise<string | null> {
	const rows = await db.$queryRaw<{ key: string }[]>`
		UPDATE ${named(table)} SET status = 'running', lease_until = ${leaseEnd}
		WHERE key = (
			SELECT key FROM ${named(table)}
			WHERE status = 'queued' OR (status = 'running' AND lease_until < now() AT TIME ZONE 'UTC')
			ORDER BY created_at, key LIMIT 1 FOR UPDATE SKIP LOCKED
		)
		RETURNING key`;
	return rows[0]?.key ?? null;
}

export async function renewAnswer(db: Database, table: AnswerTable, key: string): Promise<void> {
	await db.$executeRaw`
		UPDATE ${named(table)} SET lease_until = ${leaseEnd} WHERE key = ${key} AND status = 'running'`;
}

/** Gives a claimed row back, for another worker or a later start. */
export async function releaseAnswer(db: Database, table: AnswerTable, key: string): Promise<void> {
	await db.$executeRaw`
		UPDATE ${named(table)} SET status = 'queued', lease_until = NULL WHERE key = ${key} AND status = 'running'`;
}

/** Keeps what a row came to, as JSON; null is an answer too. */
export async function keepAnswer(db: Database, table: AnswerTable, key: string, result: unknown): Promise<void> {
	const json = result === null ? null : JSON.stringify(result);
	await db.$executeRaw`
		UPDATE ${named(table)} SET status = 'succeeded', result = ${json}::jsonb, error = NULL, lease_until = NULL,
			finished_at = now() AT TIME ZONE 'UTC'
		WHERE key = ${key}`;
}

/** Keeps why a row could not be computed. */
export async function failAnswer(db: Database, table: AnswerTable, key: string, error: unknown): Promise<void> {
	await db.$executeRaw`
		UPDATE ${named(table)} SET status = 'failed', error = ${messageOf(error)}, lease_until = NULL,
			finished_at = now() AT TIME ZONE 'UTC'
		WHERE key = ${key}`;
}
