import { messageOf } from "@atelier/core";
import { keepRanks } from "@atelier/jobs";
import type { WorkerContext } from "../worker-context";
import { keepColumnsOf } from "./keep-columns-of";

/** Runs that are looked at together. */
const PAGE = 200;

/**
 * Reads the attributes of examples whose runs have just got their results, and first of all gives runs of earlier versions
 * what they lack: their rank vectors, and their examples' attributes. Beside everything else, one after another; what
 * cannot be read is left out, and tried again at the next start.
 */
export function startCompleting(worker: WorkerContext): { add: (runId: string) => void; stop: () => Promise<void> } {
	const stopping = new AbortController();
	const { signal } = stopping;
	let queue = completeEarlier(worker, signal).catch((error) => {
		if (!signal.aborted) worker.log(`ranks of earlier runs: ${messageOf(error)}`);
	});
	return {
		add(runId) {
			queue = queue.then(() => keepAttributes(worker, runId, signal));
		},
		async stop() {
			stopping.abort();
			await queue;
		},
	};
}

async function completeEarlier(worker: WorkerContext, signal: AbortSignal): Promise<void> {
	const { pool } = worker;
	const lacking = `SELECT run.id, EXISTS (SELECT FROM rank_vector WHERE run_id = run.id) AS "hasRanks"
		FROM run WHERE run.status = 'succeeded' AND run.id > $1 AND (
			NOT EXISTS (SELECT FROM rank_vector WHERE run_id = run.id)
			OR EXISTS (
				SELECT FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
				WHERE run_stage.run_id = run.id AND stage.dataset_id = run.dataset_id
					AND stage.kind IN ('split', 'prompts', 'parse')
					AND NOT EXISTS (SELECT FROM example_column WHERE example_column.stage_key = stage.key)
			)
		) ORDER BY run.id LIMIT ${PAGE}`;
	/** Said once, not for each of their runs. */
	const unreadable = new Set<string>();
	let after = "";
	for (;;) {
		const { rows } = await pool.query<{ id: string; hasRanks: boolean }>(lacking, [after]);
		for (const { id, hasRanks } of rows) {
			if (signal.aborted) return;
			after = id;
			if (!hasRanks) await keepRanks(pool, id);
			await keepAttributes(worker, id, signal, unreadable);
		}
		if (rows.length < PAGE) return;
	}
}

/** A run without them is none the worse. */
async function keepAttributes(
	worker: WorkerContext,
	runId: string,
	signal: AbortSignal,
	unreadable?: Set<string>,
): Promise<void> {
	if (signal.aborted) return;
	try {
		await keepColumnsOf(worker, runId, signal, unreadable);
	} catch (error) {
		if (!signal.aborted) worker.log(`attributes of the examples of run ${runId}: ${messageOf(error)}`);
	}
}
