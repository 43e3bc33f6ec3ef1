import type { WorkerContext } from "../worker-context";
import { keepColumnsOf } from "./keep-columns-of";

/** Reads the attributes that a view of slices asks for where nobody has yet: its runs may have ended a moment ago. */
export async function completeFor(worker: WorkerContext, key: string, signal: AbortSignal): Promise<void> {
	const { rows } = await worker.pool.query<{ runId: string }>(
		`SELECT DISTINCT ON (stage.key) run.id AS "runId"
		FROM slice_view CROSS JOIN jsonb_array_elements_text(slice_view.request -> 'columns') AS wanted(key)
			JOIN stage ON stage.key = wanted.key JOIN run_stage ON run_stage.stage_key = stage.key
			JOIN run ON run.id = run_stage.run_id AND run.dataset_id = stage.dataset_id
		WHERE slice_view.key = $1 AND NOT EXISTS (SELECT FROM example_column WHERE stage_key = wanted.key)`,
		[key],
	);
	for (const { runId } of rows) await keepColumnsOf(worker, runId, signal);
}
