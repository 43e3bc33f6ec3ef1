import type { Database } from "@atelier/db";

/** Names what a run's predictions come from: the same for runs that share their evaluation. */
export async function predictionNames(db: Database, runIds: readonly string[]): Promise<(runId: string) => string> {
	const rows = await db.$queryRaw<{ runId: string; attempts: string }[]>`
		SELECT run_stage.run_id AS "runId", string_agg(stage.attempt_id, ' ' ORDER BY stage.key) AS attempts
		FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
		WHERE run_stage.run_id = ANY(${[...new Set(runIds)]}::text[]) AND stage.kind = 'evaluate'
			AND stage.attempt_id IS NOT NULL
		GROUP BY run_stage.run_id`;
	const attempts = new Map(rows.map((row) => [row.runId, row.attempts]));
	return (runId) => (attempts.has(runId) ? `attempt ${attempts.get(runId)}` : `run ${runId}`);
}
