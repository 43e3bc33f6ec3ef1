import type { Database } from "@atelier/db";
import type { Queue } from "./queue";
import { enqueueReadyStages } from "./ready-stages";

/** Puts failed and cancelled runs back to work: what has succeeded is kept, what failed or was cancelled runs again. */
export async function retryRuns(db: Database, queue: Queue, runIds: readonly string[]): Promise<{ retried: number }> {
	const retried = await db.$transaction(async (tx) => {
		const { count } = await tx.run.updateMany({
			where: { id: { in: [...runIds] }, status: { in: ["failed", "cancelled"] } },
			data: { status: "queued", error: null, startedAt: null, finishedAt: null },
		});
		await tx.$executeRaw`
			UPDATE stage
			SET status = 'queued', error = NULL, progress = NULL, result = NULL, started_at = NULL, finished_at = NULL
			WHERE status IN ('failed', 'cancelled') AND EXISTS (
				SELECT 1 FROM run_stage JOIN run ON run.id = run_stage.run_id
				WHERE run_stage.stage_key = stage.key AND run.id = ANY(${[...runIds]}) AND run.status = 'queued'
			)`;
		return count;
	});
	await enqueueReadyStages(db, queue);
	return { retried };
}
