import type { Database, Prisma } from "@atelier/db";

/** The record, or a transaction on it. */
type Target = Database | Prisma.TransactionClient;

/**
 * Brings runs up to date after a stage changed its status: those that need it fail with it, and `running` are those
 * that a stage runs for now.
 *
 * A run whose every stage has succeeded stays as it is until its metrics and predictions are in the record: that is
 * the `finish-run` job's, which alone makes a run `succeeded`.
 */
export async function settleRuns(target: Target, stageKey: string): Promise<void> {
	await failRuns(target, stageKey);
	await markRunning(target);
}

/** Ends the live runs that need a failed stage, naming the first in their errors; what only they needed is cancelled. */
async function failRuns(target: Target, stageKey: string): Promise<void> {
	const failed = await target.$queryRaw<{ id: string }[]>`
		UPDATE run SET status = 'failed', error = state.failed, finished_at = now() AT TIME ZONE 'UTC'
		FROM (
			SELECT run_stage.run_id, min(stage.kind || ': ' || coalesce(stage.error, 'no reason given')) AS failed
			FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
			WHERE stage.status = 'failed' AND run_stage.run_id IN (SELECT run_id FROM run_stage WHERE stage_key = ${stageKey})
			GROUP BY run_stage.run_id
		) AS state
		WHERE run.id = state.run_id AND run.status IN ('queued', 'running')
		RETURNING run.id`;
	await cancelUnneeded(
		target,
		failed.map(({ id }) => id),
	);
}

/**
 * `running` is a run while one of its own stages runs, and waiting (`queued`) otherwise, also between two of them. A
 * stage that several runs share is the own of the first launched among them: the others wait for it. So no more runs
 * run than stages do, and the number of running runs is the number of things that happen.
 */
export async function markRunning(target: Target): Promise<void> {
	await target.$executeRaw`
		WITH own AS (
			SELECT DISTINCT ON (stage.key) run.id
			FROM stage JOIN run_stage ON run_stage.stage_key = stage.key
			JOIN run ON run.id = run_stage.run_id AND run.status IN ('queued', 'running')
			JOIN launch ON launch.id = run.launch_id
			WHERE stage.status = 'running'
			ORDER BY stage.key, launch.created_at, launch.id, run.place, run.id
		)
		UPDATE run SET
			status = CASE WHEN run.status = 'queued' THEN 'running'::"WorkStatus" ELSE 'queued'::"WorkStatus" END,
			started_at = CASE WHEN run.status = 'queued' THEN coalesce(run.started_at, now() AT TIME ZONE 'UTC') ELSE run.started_at END
		WHERE (run.status = 'queued' AND run.id IN (SELECT id FROM own))
			OR (run.status = 'running' AND run.id NOT IN (SELECT id FROM own) AND EXISTS (
				SELECT 1 FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
				WHERE run_stage.run_id = run.id AND stage.status <> 'succeeded'
			))`;
}

/** Queued stages of ended runs that no live run needs become cancelled; running ones go on, for a later run to reuse. */
export async function cancelUnneeded(target: Target, endedRunIds: readonly string[]): Promise<void> {
	if (endedRunIds.length === 0) return;
	await target.$executeRaw`
		UPDATE stage SET status = 'cancelled', finished_at = now() AT TIME ZONE 'UTC', progress = NULL
		WHERE status = 'queued'
			AND key IN (SELECT stage_key FROM run_stage WHERE run_id = ANY(${[...endedRunIds]}))
			AND NOT EXISTS (
				SELECT 1 FROM run_stage JOIN run ON run.id = run_stage.run_id
				WHERE run_stage.stage_key = stage.key AND (run.status IN ('queued', 'running') OR run.repairs)
			)`;
}
