import { TRAINER_KINDS } from "@atelier/core";
import { type Database, Prisma } from "@atelier/db";
import type { Queue } from "./queue";

/** More than all stages of a dataset together take away (1,000 each). */
const WORKER_FIRST = 1_000_000_000;

interface ReadyStage {
	key: string;
	priority: number;
}

/**
 * Enqueues the queued stages whose inputs have all succeeded and that a live run needs. One that is enqueued already
 * stays as it is, so calling this again is harmless.
 *
 * The worker's own stages go first: they take seconds, and with them a finished run need not wait behind a training to
 * be evaluated. Then datasets advance evenly: a stage of the dataset with the fewest stages done goes first, and within a dataset a stage
 * of the run that has most left to do, since that run ends last.
 *
 * @param kinds only stages of these kinds; the trainer's are left out for as long as it is being installed
 * @returns how many stages are ready
 */
export async function enqueueReadyStages(
	db: Database,
	queue: Queue,
	kinds: readonly string[] | "all" = "all",
): Promise<number> {
	const ofKinds = kinds === "all" ? Prisma.empty : Prisma.sql`AND stage.kind = ANY(${[...kinds]})`;
	const ready = await db.$queryRaw<ReadyStage[]>`
		WITH live AS (
			SELECT run_stage.stage_key, run_stage.run_id
			FROM run_stage JOIN run ON run.id = run_stage.run_id
			WHERE run.status IN ('queued', 'running')
		), needed AS (
			SELECT DISTINCT stage_key AS key FROM live
		), done AS (
			SELECT stage.dataset_id, count(*) AS stages
			FROM needed JOIN stage USING (key) WHERE stage.status IN ('running', 'succeeded') GROUP BY stage.dataset_id
		), left_over AS (
			SELECT live.run_id, count(*) AS stages
			FROM live JOIN stage ON stage.key = live.stage_key WHERE stage.status = 'queued' GROUP BY live.run_id
		)
		SELECT stage.key,
			(CASE WHEN stage.kind = ANY(${[...TRAINER_KINDS]}) THEN 0 ELSE ${WORKER_FIRST} END
				+ coalesce((SELECT stages FROM done WHERE done.dataset_id = stage.dataset_id), 0) * -1000
				+ (SELECT max(left_over.stages) FROM live JOIN left_over USING (run_id) WHERE live.stage_key = stage.key)
			)::integer AS priority
		FROM needed JOIN stage USING (key)
		WHERE stage.status = 'queued' ${ofKinds} AND NOT EXISTS (
			SELECT 1 FROM jsonb_each_text(stage.inputs) AS input
			LEFT JOIN stage AS source ON source.key = input.value
			WHERE source.status IS DISTINCT FROM 'succeeded'
		)
		ORDER BY priority DESC, stage.key`;
	for (const { key, priority } of ready) await queue.send("run-stage", { stageKey: key }, { priority });
	return ready.length;
}
