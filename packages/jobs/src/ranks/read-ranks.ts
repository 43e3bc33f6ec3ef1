import { AppError, decodeNumbers } from "@atelier/core";
import type { Pool } from "@atelier/db";
import { keepRanks } from "./keep-ranks";

/** The ranks of runs that were tested on the same examples. */
export interface JointRanks {
	setKey: string;
	/** Examples of the set. */
	size: number;
	/** The most that K may be for all of them. */
	depth: number;
	/** By run: a rank for each example of the set, 0 where the ground truth is not in the list. */
	vectors: ReadonlyMap<string, ArrayLike<number>>;
}

/**
 * The rank vectors of runs. One that has none yet (it was made by an earlier version) gets it here.
 *
 * @returns null unless all of them have predictions and were tested on the same examples
 * @throws AppError NOT_FOUND for a run that is gone: it must not pass for one without predictions
 */
export async function readRanks(pool: Pool, runIds: readonly string[]): Promise<JointRanks | null> {
	await keepMissing(pool, runIds);
	const { rows } = await pool.query<{ runId: string; setKey: string; depth: number; ranks: Buffer }>(
		`SELECT run_id AS "runId", set_key AS "setKey", depth, ranks FROM rank_vector WHERE run_id = ANY($1::text[])`,
		[runIds],
	);
	const [first] = rows;
	const isWhole = runIds.every((id) => rows.some(({ runId }) => runId === id));
	if (first === undefined || !isWhole || rows.some(({ setKey }) => setKey !== first.setKey)) return null;
	return {
		setKey: first.setKey,
		size: first.ranks.length / 2,
		depth: Math.min(...rows.map(({ depth }) => depth)),
		vectors: new Map(rows.map(({ runId, ranks }) => [runId, decodeNumbers(ranks, 2)])),
	};
}

async function keepMissing(pool: Pool, runIds: readonly string[]): Promise<void> {
	const { rows } = await pool.query<{ id: string; hasRanks: boolean }>(
		`SELECT run.id, rank_vector.run_id IS NOT NULL AS "hasRanks"
		FROM run LEFT JOIN rank_vector ON rank_vector.run_id = run.id WHERE run.id = ANY($1::text[])`,
		[runIds],
	);
	const gone = runIds.find((id) => !rows.some((row) => row.id === id));
	if (gone !== undefined) throw new AppError("NOT_FOUND", `Run ${gone} is no longer there.`);
	for (const { id, hasRanks } of rows) if (!hasRanks) await keepRanks(pool, id);
}
