import { AppError, explain, messageOf } from "@atelier/core";
import { inTransaction } from "@atelier/db";
import { appendRunWarnings, checkAttempt } from "@atelier/jobs";
import { loadResults } from "../tables/load-results";
import type { WorkerContext } from "../worker-context";
import { warningsOf } from "./run-warnings";

/**
 * Makes a live run succeeded once every stage of it has: its metrics and predictions come into the record in the same
 * transaction. An evaluate stage may be shared by several runs; each is filled by itself. A run that has ended, or that
 * still waits for a stage, is left as it is.
 */
export async function finishRun(worker: WorkerContext, runId: string): Promise<void> {
	const { pool, db, store, log } = worker;
	try {
		const evaluated = await wholeResult(worker, runId);
		if (evaluated === null) return;
		const folder = await store.folder(evaluated, { files: ["metrics.json", "predictions.parquet"] });
		// First, and by itself: no run may be seen succeeded without them, and adding them twice adds nothing.
		await appendRunWarnings(db, [runId], await warningsOf(db, runId));
		await inTransaction(pool, async (client) => {
			const { rows } = await client.query<{ path: string | null }>(
				`SELECT stage.path FROM run
				JOIN run_stage ON run_stage.run_id = run.id JOIN stage ON stage.key = run_stage.stage_key
				WHERE run.id = $1 AND run.status IN ('queued', 'running') AND stage.kind = 'evaluate'
					AND NOT EXISTS (
						SELECT 1 FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
						WHERE run_stage.run_id = run.id AND stage.status <> 'succeeded'
					)
				FOR UPDATE OF run`,
				[runId],
			);
			// Another one since: it was made again, and brings the run here once more.
			if (rows[0]?.path !== evaluated) return;
			await loadResults(client, runId, folder);
			await client.query(
				`UPDATE run SET status = 'succeeded', error = NULL, finished_at = now() AT TIME ZONE 'UTC',
					started_at = coalesce(started_at, now() AT TIME ZONE 'UTC')
				WHERE id = $1`,
				[runId],
			);
		});
		worker.noteResults(runId);
	} catch (error) {
		// Files that are gone will be gone the next time too; anything else is worth another try.
		if (!(error instanceof AppError && (error.code === "BAD_DATA" || error.code === "NOT_FOUND"))) throw error;
		log(`run ${runId}: ${explain(error)}`);
		await db.run.updateMany({
			where: { id: runId, status: { in: ["queued", "running"] } },
			data: { status: "failed", error: messageOf(error), finishedAt: new Date() },
		});
	}
}

/**
 * What a run's results lie in, where its files are what was written; else the stage is made again and the run waits.
 *
 * @returns null also where it has not been made yet
 */
async function wholeResult({ db, store }: WorkerContext, runId: string): Promise<string | null> {
	const evaluate = await db.stage.findFirst({
		where: { kind: "evaluate", status: "succeeded", runs: { some: { runId } } },
		select: { attemptId: true },
	});
	const checked = evaluate?.attemptId ? await checkAttempt(db, store, evaluate.attemptId) : null;
	return checked?.damage === null ? checked.path : null;
}
