import type { Database } from "@atelier/db";
import { mendDamaged, redoSuspected } from "./integrity/mend-runs";
import { enqueueCompleteRuns } from "./launch";
import type { Queue } from "./queue";
import { onQueue } from "./queue-lock";
import { markRunning } from "./settle-runs";

/**
 * Puts failed and cancelled runs back to work, and those that succeeded and of which something is damaged now: what has
 * succeeded is kept, what failed, was cancelled or is damaged runs again.
 */
export async function retryRuns(db: Database, queue: Queue, runIds: readonly string[]): Promise<{ retried: number }> {
	const retried = await onQueue(db, async (tx) => {
		const { count } = await tx.run.updateMany({
			where: { id: { in: [...runIds] }, status: { in: ["failed", "cancelled"] } },
			data: { status: "queued", error: null, startedAt: null, finishedAt: null },
		});
		await tx.$executeRaw`
			UPDATE stage
			SET status = 'queued', error = NULL, progress = NULL, result = NULL, started_at = NULL, finished_at = NULL
			WHERE status IN ('failed', 'cancelled') AND key IN (
				SELECT run_stage.stage_key FROM run_stage JOIN run ON run.id = run_stage.run_id
				WHERE run.id = ANY(${[...runIds]}) AND run.status = 'queued'
			)`;
		const again = (await redoSuspected(tx, runIds)) + (await mendDamaged(tx, runIds));
		await markRunning(tx);
		return count + again;
	});
	await enqueueCompleteRuns(db, queue);
	return { retried };
}
