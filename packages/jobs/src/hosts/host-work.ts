import type { Database } from "@atelier/db";

/** A stage that holds a slot of a host. */
export interface HostedStage {
	attemptId: string;
	stageKey: string;
	kind: string;
	/** A run that needs it. */
	runId: string | null;
	gpus: number;
	startedAt: Date;
	unreachableSince: Date | null;
}

/** What runs on hosts, by name, and how many ready stages launches have for each by name. */
export async function hostWork(
	db: Database,
): Promise<{ running: Map<string, HostedStage[]>; waiting: Map<string, number> }> {
	const [rows, waits] = await Promise.all([
		db.$queryRaw<(HostedStage & { host: string })[]>`
			SELECT attempt.host, attempt.id AS "attemptId", attempt.stage_key AS "stageKey", stage.kind, attempt.gpus,
				attempt.started_at AS "startedAt", attempt.unreachable_since AS "unreachableSince",
				(SELECT run_id FROM run_stage WHERE stage_key = stage.key ORDER BY reused, run_id LIMIT 1) AS "runId"
			FROM attempt JOIN stage ON stage.key = attempt.stage_key
			WHERE attempt.status = 'running' OR (attempt.status = 'cancelled' AND attempt.finished_at IS NULL)
			ORDER BY attempt.started_at, attempt.id`,
		db.$queryRaw<{ host: string; count: number }[]>`
			SELECT launch.on_host AS host, count(DISTINCT stage.key)::integer AS count
			FROM stage JOIN run_stage ON run_stage.stage_key = stage.key
			JOIN run ON run.id = run_stage.run_id AND run.status IN ('queued', 'running')
			JOIN launch ON launch.id = run.launch_id
			WHERE stage.ready AND launch.on_host IS NOT NULL GROUP BY launch.on_host`,
	]);
	const running = new Map<string, HostedStage[]>();
	for (const { host, ...stage } of rows) running.set(host, [...(running.get(host) ?? []), stage]);
	return { running, waiting: new Map(waits.map(({ host, count }) => [host, count])) };
}
