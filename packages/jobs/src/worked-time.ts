import type { Database } from "@atelier/db";

/** How a run's life since its launch divides. */
export interface WorkedTime {
	/** Time in which a stage of it ran, whichever run's it was; two at once count once. */
	workedMs: number;
	/** The rest: waiting for a slot, for another run's stage, for a retry. */
	waitedMs: number;
	/** Whether a stage of it runs now. */
	isWorking: boolean;
	/** The record's clock when this was so. */
	at: Date;
}

/** The time that runs took and waited, by id; for a run under way until now. */
export async function workedTimes(db: Database, runIds: readonly string[]): Promise<Map<string, WorkedTime>> {
	if (runIds.length === 0) return new Map();
	const rows = await db.$queryRaw<(WorkedTime & { id: string })[]>`
		WITH life AS (
			SELECT id, status, created_at AS born, coalesce(finished_at, clock_timestamp() AT TIME ZONE 'UTC') AS until
			FROM run WHERE id = ANY(${[...runIds]})
		), spell AS (
			SELECT life.id, greatest(attempt.started_at, life.born) AS since, attempt.status = 'running' AS is_open,
				least(coalesce(attempt.finished_at, life.until), life.until) AS until
			FROM life JOIN run_stage ON run_stage.run_id = life.id JOIN attempt ON attempt.stage_key = run_stage.stage_key
		), work AS (
			SELECT id, range_agg(tsrange(since, until)) AS spells, bool_or(is_open) AS is_open
			FROM spell WHERE since < until GROUP BY id
		), total AS (
			SELECT work.id, is_open, sum(extract(epoch FROM upper(part) - lower(part))) * 1000 AS ms
			FROM work, unnest(spells) AS part GROUP BY work.id, is_open
		)
		SELECT life.id, round(coalesce(total.ms, 0))::float8 AS "workedMs",
			round(greatest(0, extract(epoch FROM life.until - life.born) * 1000 - coalesce(total.ms, 0)))::float8 AS "waitedMs",
			coalesce(total.is_open, false) AND life.status IN ('queued', 'running') AS "isWorking",
			clock_timestamp() AS at
		FROM life LEFT JOIN total USING (id)`;
	return new Map(rows.map(({ id, ...time }) => [id, time]));
}
