import type { Database, Prisma } from "@atelier/db";

/** The record, or a transaction on it. */
type Target = Database | Prisma.TransactionClient;

/**
 * Brings the runs that need a stage up to date after its status changed: `running` with the first stage that started;
 * `failed` with the first that failed, which is named in the run's error. Queued stages that no live run needs any more
 * become cancelled.
 *
 * A run whose every stage has succeeded stays `running` until its metrics and predictions are in the record: that is
 * the `finish-run` job's, which alone makes a run `succeeded`.
 */
export async function settleRuns(target: Target, stageKey: string): Promise<void> {
	await target.$executeRaw`
		UPDATE run SET
			status = CASE WHEN state.failed IS NOT NULL THEN 'failed'::"WorkStatus" ELSE 'running'::"WorkStatus" END,
			error = state.failed,
			started_at = coalesce(run.started_at, now() AT TIME ZONE 'UTC'),
			finished_at = CASE WHEN state.failed IS NOT NULL THEN now() AT TIME ZONE 'UTC' END
		FROM (
			SELECT run_stage.run_id,
				min(stage.kind || ': ' || coalesce(stage.error, 'no reason given')) FILTER (WHERE stage.status = 'failed') AS failed,
				bool_or(stage.status = 'running' OR (stage.status = 'succeeded' AND NOT run_stage.reused)) AS started
			FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
			WHERE run_stage.run_id IN (SELECT run_id FROM run_stage WHERE stage_key = ${stageKey})
			GROUP BY run_stage.run_id
		) AS state
		WHERE run.id = state.run_id AND run.status IN ('queued', 'running') AND (state.started OR state.failed IS NOT NULL)`;
	await cancelUnneeded(target);
}

/** Queued stages that only ended runs name become cancelled; running ones go on, for a later run to reuse. */
export async function cancelUnneeded(target: Target): Promise<number> {
	return target.$executeRaw`
		UPDATE stage SET status = 'cancelled', finished_at = now() AT TIME ZONE 'UTC', progress = NULL
		WHERE status = 'queued' AND NOT EXISTS (
			SELECT 1 FROM run_stage JOIN run ON run.id = run_stage.run_id
			WHERE run_stage.stage_key = stage.key AND run.status IN ('queued', 'running')
		)`;
}
