import { methodsInOrder, methodTitle } from "@atelier/core";
import type { Database } from "@atelier/db";
import type { InspectedRun } from "./inspected-run";
import { stageOf } from "./stored-recommendation";

/** The rank of the ground truth in the newest run of every method on the same split; null where it is not ranked. */
export async function rankInEveryMethod(db: Database, inspected: InspectedRun) {
	const split = stageOf(inspected, "split");
	const rows = await db.$queryRaw<{ method: string; runId: string; rank: number | null }[]>`
		SELECT DISTINCT ON (run.method) run.method, run.id AS "runId", prediction.rank
		FROM run
		JOIN run_stage ON run_stage.run_id = run.id AND run_stage.stage_key = ${split}
		JOIN prediction ON prediction.run_id = run.id AND prediction.example_id = ${inspected.example.exampleId}
		WHERE run.status = 'succeeded' AND run.variant = 'full' AND run.setting IN ('full', ${inspected.run.setting})
		ORDER BY run.method, run.id = ${inspected.run.id} DESC, run.setting = ${inspected.run.setting} DESC,
			run.created_at DESC`;
	const byMethod = new Map(rows.map((row) => [row.method, row]));
	return methodsInOrder(byMethod.keys()).flatMap((id) => {
		const row = byMethod.get(id);
		return row === undefined ? [] : [{ method: id, title: methodTitle(id), runId: row.runId, rank: row.rank }];
	});
}
