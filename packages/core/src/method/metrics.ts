/** Rank of the ground truth, from 1; null when it is not in the list. */
export type Rank = number | null;

export function recallAtK(rank: Rank, k: number): number {
	return rank !== null && rank <= k ? 1 : 0;
}

/** One relevant item, so the ideal gain is 1 and NDCG is 1 / log2(rank + 1). */
export function ndcgAtK(rank: Rank, k: number): number {
	return rank !== null && rank <= k ? 1 / Math.log2(rank + 1) : 0;
}

export function mrrAtK(rank: Rank, k: number): number {
	return rank !== null && rank <= k ? 1 / rank : 0;
}

/** A metric by the first part of its name, and what a rank gains by it. */
export type RankMetric = readonly [name: string, gain: (rank: Rank, k: number) => number];

/** The paper's metrics. */
export const RANK_METRICS = [
	["recall", recallAtK],
	["ndcg", ndcgAtK],
	["mrr", mrrAtK],
] as const;
