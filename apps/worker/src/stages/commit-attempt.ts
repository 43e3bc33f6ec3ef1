import type { Receipt } from "@atelier/core";
import { inTransaction, type Pool } from "@atelier/db";
import { QUEUE_LOCK } from "@atelier/jobs";
import { loadStageTables } from "../tables/load-stage-tables";
import { AttemptLost, type HeldAttempt } from "./attempt";

/**
 * Makes an attempt's outputs count: its tables, the attempt and the stage change in one transaction, and only while
 * the attempt is running and this worker holds it.
 *
 * @throws AttemptLost otherwise; nothing has changed then
 */
export async function commitAttempt(
	pool: Pool,
	workerId: string,
	attempt: HeldAttempt,
	receipt: Receipt,
): Promise<void> {
	await inTransaction(pool, async (client) => {
		await loadStageTables(client, attempt);
		// Not before: loading may take minutes, and everyone else would wait.
		await client.query("SELECT pg_advisory_xact_lock($1)", [QUEUE_LOCK]);
		const held = await client.query(
			`UPDATE attempt SET status = 'succeeded', exit_code = 0, finished_at = now() AT TIME ZONE 'UTC'
			WHERE id = $1 AND worker_id = $2 AND status = 'running'`,
			[attempt.id, workerId],
		);
		const { rowCount } = await client.query(
			`UPDATE stage SET status = 'succeeded', attempt_id = $2, path = $3, result = $4, duration_ms = $5, progress = NULL,
				error = NULL, finished_at = now() AT TIME ZONE 'UTC'
			WHERE key = $1 AND status = 'running'`,
			[attempt.stageKey, attempt.id, attempt.path, JSON.stringify(receipt.result), Math.round(receipt.durationMs)],
		);
		if (held.rowCount !== 1 || rowCount !== 1) throw new AttemptLost(attempt);
	});
}
