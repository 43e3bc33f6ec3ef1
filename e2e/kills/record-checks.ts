import type { Pool } from "@atelier/db";

export interface RunFigures {
	id: string;
	launchId: string;
	method: string;
	seed: number;
	status: string;
	error: string | null;
	/** `slice name value`, in order. */
	metrics: string[];
}

export async function runsOf(pool: Pool): Promise<RunFigures[]> {
	const { rows } = await pool.query<RunFigures>(`
		SELECT id, launch_id AS "launchId", method, seed, status, error, ARRAY(
			SELECT slice || ' ' || name || ' ' || value || ' ' || low || ' ' || high || ' ' || count
			FROM metric WHERE run_id = run.id ORDER BY slice, name
		) AS metrics FROM run ORDER BY created_at, id`);
	return rows;
}

/** What changes while anything goes on: attempts, their events and the states of stages and runs. */
export async function stateOf(pool: Pool): Promise<string> {
	const { rows } = await pool.query(`
		SELECT (SELECT max(id) FROM stage_event) AS events, (SELECT count(*) FROM attempt) AS attempts,
			(SELECT string_agg(key || status, ',' ORDER BY key) FROM stage) AS stages,
			(SELECT string_agg(id || status, ',' ORDER BY id) FROM run) AS runs`);
	return JSON.stringify(rows);
}

/** Every way in which a thing may be in the record twice, or half. Each query gives one line for a violation. */
const DOUBLED: Record<string, string> = {
	"a stage with more than one attempt that succeeded": `
		SELECT stage_key AS what FROM attempt WHERE status = 'succeeded' GROUP BY stage_key HAVING count(*) > 1`,
	"a stage that succeeded by another attempt than the one that did": `
		SELECT stage.key AS what FROM stage JOIN attempt ON attempt.id = stage.attempt_id
		WHERE stage.status = 'succeeded' AND (attempt.status <> 'succeeded' OR attempt.stage_key <> stage.key)`,
	"an attempt that succeeded with an event missing or twice": `
		SELECT attempt.id AS what FROM attempt JOIN stage_event ON attempt_id = attempt.id
		WHERE attempt.status = 'succeeded' GROUP BY attempt.id HAVING count(*) <> max(seq) OR min(seq) <> 1`,
	"a run that succeeded without its metrics, or with predictions that are not one a shopper": `
		SELECT run.id AS what FROM run JOIN run_stage ON run_id = run.id
			JOIN stage ON stage.key = stage_key AND stage.kind = 'split'
		WHERE run.status = 'succeeded' AND (
			NOT EXISTS (SELECT 1 FROM metric WHERE run_id = run.id AND slice = 'all' AND name = 'recall@10')
			OR (SELECT count(DISTINCT user_id) FROM prediction WHERE run_id = run.id)
				<> (SELECT count(*) FROM example WHERE example.stage_key = stage.key)
			OR (SELECT count(*) FROM prediction WHERE run_id = run.id)
				<> (SELECT count(*) FROM example WHERE example.stage_key = stage.key))`,
};

export async function doubledIn(pool: Pool): Promise<string[]> {
	const found: string[] = [];
	for (const [what, sql] of Object.entries(DOUBLED)) {
		const { rows } = await pool.query<{ what: string }>(sql);
		for (const row of rows) found.push(`${what}: ${row.what}`);
	}
	return found;
}
