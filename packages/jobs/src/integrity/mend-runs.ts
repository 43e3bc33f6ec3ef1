import { Prisma } from "@atelier/db";

/** What a run warns of whose results may rest on something damaged. */
export const MADE_FROM_DAMAGED = "made-from-damaged";

const QUEUED = Prisma.sql`
	status = 'queued', error = NULL, progress = NULL, result = NULL, started_at = NULL, finished_at = NULL`;

/**
 * Has the damaged stages of ended runs made again. The runs stay as they are meanwhile: their results were right when
 * they were made.
 *
 * @returns how many runs have any
 */
export async function mendDamaged(tx: Prisma.TransactionClient, runIds: readonly string[]): Promise<number> {
	const damaged = await tx.$queryRaw<{ id: string }[]>`
		UPDATE run SET repairs = true
		WHERE id = ANY(${[...runIds]}) AND status = 'succeeded' AND EXISTS (
			SELECT 1 FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
			WHERE run_stage.run_id = run.id AND stage.damage IS NOT NULL AND stage.status IN ('failed', 'cancelled')
		)
		RETURNING id`;
	await tx.$executeRaw`
		UPDATE stage SET ${QUEUED}
		WHERE stage.damage IS NOT NULL AND stage.status IN ('failed', 'cancelled')
			AND stage.key IN (SELECT stage_key FROM run_stage WHERE run_id = ANY(${damaged.map(({ id }) => id)}))`;
	return damaged.length;
}

/**
 * Puts succeeded runs back to work whose results are suspected: everything suspected is made again, and they are
 * evaluated anew.
 *
 * @returns how many runs there are
 */
export async function redoSuspected(tx: Prisma.TransactionClient, runIds: readonly string[]): Promise<number> {
	const suspected = await tx.$queryRaw<{ id: string }[]>`
		UPDATE run SET status = 'queued', error = NULL, started_at = NULL, finished_at = NULL, warnings = (
			SELECT coalesce(jsonb_agg(one), '[]') FROM jsonb_array_elements(run.warnings) AS one
			WHERE one ->> 'code' <> ${MADE_FROM_DAMAGED}
		)
		WHERE id = ANY(${[...runIds]}) AND status = 'succeeded'
			AND warnings @> ${JSON.stringify([{ code: MADE_FROM_DAMAGED }])}::jsonb
		RETURNING id`;
	const ids = suspected.map(({ id }) => id);
	await tx.$executeRaw`
		UPDATE stage SET ${QUEUED}, attempt_id = NULL, path = NULL FROM attempt
		WHERE attempt.id = stage.attempt_id AND attempt.suspicion IS NOT NULL AND stage.status = 'succeeded'
			AND stage.key IN (SELECT stage_key FROM run_stage WHERE run_id = ANY(${ids}))`;
	await tx.$executeRaw`
		UPDATE stage SET ${QUEUED} WHERE stage.status IN ('failed', 'cancelled')
			AND stage.key IN (SELECT stage_key FROM run_stage WHERE run_id = ANY(${ids}))`;
	return ids.length;
}

/** A run needs no mending any more once nothing of it is left to be made. */
export async function endMending(tx: Prisma.TransactionClient): Promise<void> {
	await tx.$executeRaw`
		UPDATE run SET repairs = false WHERE repairs AND NOT EXISTS (
			SELECT 1 FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
			WHERE run_stage.run_id = run.id AND stage.status IN ('queued', 'running')
		)`;
}
