import type { Receipt, StoredFile } from "@atelier/core";
import { inTransaction, type PoolClient } from "@atelier/db";
import { QUEUE_LOCK } from "@atelier/jobs";
import { loadStageTables } from "../tables/load-stage-tables";
import { tablesOf } from "../tables/stage-tables";
import type { WorkerContext } from "../worker-context";
import { AttemptLost, type HeldAttempt, InputDamaged } from "./attempt";

/**
 * Makes an attempt's outputs count: its tables, the attempt and the stage change in one transaction, and only while
 * the attempt is running and this worker holds it.
 *
 * @param files the list of its folder, from now on what it is checked against
 * @throws AttemptLost otherwise, and InputDamaged when what it read was found damaged meanwhile; nothing has changed then
 */
export async function commitAttempt(
	{ pool, store, id: workerId }: Pick<WorkerContext, "pool" | "store" | "id">,
	attempt: HeldAttempt,
	receipt: Receipt,
	files: readonly StoredFile[],
): Promise<void> {
	const tables = await tablesOf(store, attempt);
	await inTransaction(pool, async (client) => {
		await loadStageTables(client, attempt.stageKey, tables);
		// Not before: loading may take minutes, and everyone else would wait.
		await client.query("SELECT pg_advisory_xact_lock($1)", [QUEUE_LOCK]);
		const held = await client.query(
			`UPDATE attempt SET status = 'succeeded', exit_code = 0, finished_at = now() AT TIME ZONE 'UTC',
				files = $3, verified_at = now() AT TIME ZONE 'UTC', environment = $4
			WHERE id = $1 AND worker_id = $2 AND status = 'running'`,
			[attempt.id, workerId, JSON.stringify(files), JSON.stringify(receipt.environment ?? null)],
		);
		await refuseDamagedInputs(client, attempt);
		const { rowCount } = await client.query(
			`UPDATE stage SET status = 'succeeded', attempt_id = $2, path = $3, result = $4, duration_ms = $5, progress = NULL,
				error = NULL, damage = NULL, damaged_at = NULL, finished_at = now() AT TIME ZONE 'UTC'
			WHERE key = $1 AND status = 'running'`,
			[attempt.stageKey, attempt.id, attempt.path, JSON.stringify(receipt.result), Math.round(receipt.durationMs)],
		);
		if (held.rowCount !== 1 || rowCount !== 1) throw new AttemptLost(attempt);
	});
}

async function refuseDamagedInputs(client: PoolClient, { inputIds }: HeldAttempt): Promise<void> {
	const { rows } = await client.query<{ kind: string; damage: string }>(
		`SELECT stage.kind, attempt.damage FROM attempt JOIN stage ON stage.key = attempt.stage_key
		WHERE attempt.id = ANY($1) AND attempt.damage IS NOT NULL LIMIT 1`,
		[Object.values(inputIds)],
	);
	const [damaged] = rows;
	if (damaged) throw new InputDamaged(`Its input ${damaged.kind} is damaged (${damaged.damage}) and made again first.`);
}
