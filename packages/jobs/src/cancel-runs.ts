import { type Database, notify } from "@atelier/db";
import { CHANNELS } from "./channels";
import { onQueue } from "./queue-lock";
import { cancelUnneeded, markRunning } from "./settle-runs";

/**
 * Cancels runs that have not ended. A stage is cancelled only when no other live run needs it; the worker that runs it
 * is told and ends it within two seconds, and can no longer commit it from this moment on.
 */
export async function cancelRuns(db: Database, runIds: readonly string[]): Promise<{ cancelled: number }> {
	return onQueue(db, async (tx) => {
		const { count } = await tx.run.updateMany({
			where: { id: { in: [...runIds] }, status: { in: ["queued", "running"] } },
			data: { status: "cancelled", finishedAt: new Date() },
		});
		await cancelUnneeded(tx, runIds);
		const stopped = await tx.$queryRaw<{ key: string }[]>`
			UPDATE stage SET status = 'cancelled', finished_at = now() AT TIME ZONE 'UTC', progress = NULL
			WHERE status = 'running'
				AND EXISTS (SELECT 1 FROM run_stage WHERE stage_key = stage.key AND run_id = ANY(${[...runIds]}))
				AND NOT EXISTS (
					SELECT 1 FROM run_stage JOIN run ON run.id = run_stage.run_id
					WHERE run_stage.stage_key = stage.key AND (run.status IN ('queued', 'running') OR run.repairs)
				)
			RETURNING key`;
		const keys = stopped.map(({ key }) => key);
		// `finishedAt` stays empty until the attempt's process is known to be gone.
		await tx.attempt.updateMany({
			where: { stageKey: { in: keys }, status: "running" },
			data: { status: "cancelled", error: "Cancelled." },
		});
		// What ran for a cancelled run and goes on runs for another one now.
		await markRunning(tx);
		for (const key of keys) await notify(tx, CHANNELS.cancel, key);
		return { cancelled: count };
	});
}
