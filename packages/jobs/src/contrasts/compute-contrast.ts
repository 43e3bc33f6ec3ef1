import { AppError, bootstrapContrast, type Contrast, type OutcomeGroup } from "@atelier/core";
import type { Pool } from "@atelier/db";
import { contrastRequest } from "./contrast-schemas";

/**
 * Computes the contrast of a row. It takes seconds of a processor: for a thread, never for an event loop.
 *
 * @returns null when the runs do not share their test examples.
 * @throws AppError NOT_FOUND when the row or one of its runs is gone.
 */
export async function computeContrast(pool: Pool, key: string): Promise<Contrast | null> {
	const { rows } = await pool.query<{ request: unknown }>("SELECT request FROM contrast WHERE key = $1", [key]);
	if (rows[0] === undefined) throw new AppError("NOT_FOUND", `The paired test ${key} is no longer asked for.`);
	const { terms, k, samples, seed } = contrastRequest.parse(rows[0].request);
	const runIds = terms.map(({ runId }) => runId);
	await refuseMissing(pool, runIds);
	const groups = await jointOutcomes(pool, runIds, k);
	const weights = terms.map(({ weight }) => weight);
	return groups === null ? null : bootstrapContrast(groups, weights, { k, samples, seed });
}

/** A run that was removed after it was asked for must not pass for one without predictions. */
async function refuseMissing(pool: Pool, runIds: readonly string[]): Promise<void> {
	const { rows } = await pool.query<{ id: string }>("SELECT id FROM run WHERE id = ANY($1::text[])", [runIds]);
	const missing = runIds.find((id) => !rows.some((row) => row.id === id));
	if (missing !== undefined) throw new AppError("NOT_FOUND", `Run ${missing} is no longer there.`);
}

/**
 * Users by the rank of their ground truth in every run, counted where the ranks are: what comes over is one row for each
 * distinct outcome. Null unless all runs have the same test examples. Examples are the same when user and purchase are:
 * their numbers differ between splits that keep different training sequences.
 */
async function jointOutcomes(pool: Pool, runIds: readonly string[], k: number): Promise<OutcomeGroup[] | null> {
	const { rows } = await pool.query<{ ranks: number[]; users: number }>(
		`WITH ranked AS (
			SELECT listed.place, prediction.user_id, prediction.ground_truth,
				row_number() OVER (
					PARTITION BY listed.place, prediction.user_id, prediction.ground_truth ORDER BY prediction.example_id
				) AS occurrence,
				CASE WHEN prediction.rank <= $2 THEN prediction.rank ELSE 0 END AS rank
			FROM unnest($1::text[]) WITH ORDINALITY AS listed(run_id, place)
			JOIN prediction USING (run_id)
		), joint AS (
			SELECT array_agg(rank ORDER BY place) AS ranks FROM ranked GROUP BY user_id, ground_truth, occurrence
		)
		SELECT ranks, count(*)::int AS users FROM joint GROUP BY ranks`,
		[[...runIds], k],
	);
	if (rows.length === 0 || rows.some(({ ranks }) => ranks.length !== runIds.length)) return null;
	return rows.map(({ ranks, users }) => ({ ranks: ranks.map((rank) => (rank === 0 ? null : rank)), users }));
}
