import type { RerankerModel } from "../contracts";

/** One feature of a fitted model. Means need not be taken off: they shift all scores of a pool alike. */
export type ScoredFeature = Pick<RerankerModel["features"][number], "weight" | "deviation">;

/** A pool's items by the model's score, best first; equal scores by the smaller id. */
export function rerank(model: readonly ScoredFeature[], pool: readonly number[], values: Float64Array): number[] {
	const features = model.length;
	const scored = pool.map((item, row) => {
		let score = 0;
		for (const [f, { weight, deviation }] of model.entries()) {
			score += ((values[row * features + f] ?? 0) / deviation) * weight;
		}
		return { item, score };
	});
	return scored.sort((a, b) => b.score - a.score || a.item - b.item).map(({ item }) => item);
}
