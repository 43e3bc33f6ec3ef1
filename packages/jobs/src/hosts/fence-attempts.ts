import { AppError } from "@atelier/core";
import { type Database, notify } from "@atelier/db";
import { CHANNELS } from "../channels";
import { onQueue } from "../queue-lock";
import { markRunning } from "../settle-runs";

/**
 * Gives up attempts of runs whose host does not answer: from now on they can neither publish nor commit, and their stages
 * are begun again. What may still run of them is ended when the host is back (`unreachableSince` stays).
 *
 * @throws AppError CONFLICT when no stage of these runs is on a host that does not answer
 */
export async function fenceAttempts(db: Database, runIds: readonly string[]): Promise<{ fenced: string[] }> {
	return onQueue(db, async (tx) => {
		const rows = await tx.$queryRaw<{ id: string; stageKey: string }[]>`
			UPDATE attempt SET status = 'cancelled', finished_at = now() AT TIME ZONE 'UTC',
				error = 'Fenced: its host did not answer, and a person gave it up.'
			WHERE status = 'running' AND unreachable_since IS NOT NULL
				AND stage_key IN (SELECT stage_key FROM run_stage WHERE run_id = ANY(${[...runIds]}))
			RETURNING id, stage_key AS "stageKey"`;
		if (rows.length === 0) {
			const rest = "only a stage whose host does not answer is fenced; npx atelier runs cancel stops others.";
			throw new AppError("CONFLICT", `Nothing to fence: ${rest}`);
		}
		const keys = rows.map(({ stageKey }) => stageKey);
		await tx.$executeRaw`
			UPDATE stage SET status = 'queued', progress = NULL WHERE key = ANY(${keys}) AND status = 'running'`;
		await markRunning(tx);
		// Who watches the old attempt hears of it by its lease: a notice by stage could meet the new one.
		for (const key of keys) await notify(tx, CHANNELS.events, key);
		return { fenced: keys };
	});
}
