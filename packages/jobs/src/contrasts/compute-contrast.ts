import { AppError, bootstrapContrast, type Contrast, jointOutcomes } from "@atelier/core";
import type { Pool } from "@atelier/db";
import { readRanks } from "../ranks/read-ranks";
import { contrastRequest } from "./contrast-schemas";

/**
 * Computes the contrast of a row. It may take a second of a processor: for a thread, never for an event loop.
 *
 * @returns null when the runs do not share their test examples.
 * @throws AppError NOT_FOUND when the row or one of its runs is gone.
 */
export async function computeContrast(pool: Pool, key: string): Promise<Contrast | null> {
	const { rows } = await pool.query<{ request: unknown }>("SELECT request FROM contrast WHERE key = $1", [key]);
	if (rows[0] === undefined) throw new AppError("NOT_FOUND", `The paired test ${key} is no longer asked for.`);
	const { terms, k, samples, seed } = contrastRequest.parse(rows[0].request);
	const runIds = terms.map(({ runId }) => runId);
	const ranks = await readRanks(pool, [...new Set(runIds)]);
	if (ranks === null) return null;
	const groups = jointOutcomes(
		runIds.map((id) => ranks.vectors.get(id) ?? []),
		k,
	);
	const weights = terms.map(({ weight }) => weight);
	return bootstrapContrast(groups, weights, { k, samples, seed });
}
