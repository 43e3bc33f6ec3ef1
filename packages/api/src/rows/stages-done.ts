import type { Database } from "@atelier/db";

/** How far a run is: its stages, and the one that runs now or is next. */
export interface StagesDone {
	done: number;
	total: number;
	/** Kind of the stage that runs, else of the first that waits; null where none does. */
	stage: string | null;
	/** That stage's own progress, as it is stored. */
	within: unknown;
}

export const NO_STAGES: StagesDone = { done: 0, total: 0, stage: null, within: null };

/** By run, counted where the stages are: a launch may have thousands of runs. */
export async function stagesDone(db: Database, runIds: string[]): Promise<Map<string, StagesDone>> {
	if (runIds.length === 0) return new Map();
	const rows = await db.$queryRaw<(StagesDone & { runId: string })[]>`
		SELECT run_id AS "runId", (count(*) FILTER (WHERE status = 'succeeded'))::int AS done, count(*)::int AS total,
			(array_agg(kind ORDER BY status = 'running' DESC, ordinal) FILTER (WHERE status IN ('queued', 'running')))[1]
				AS stage,
			(array_agg(progress ORDER BY status = 'running' DESC, ordinal) FILTER (WHERE status IN ('queued', 'running')))[1]
				AS within
		FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
		WHERE run_id = ANY(${runIds}) GROUP BY run_id`;
	return new Map(rows.map(({ runId, ...counts }) => [runId, counts]));
}
