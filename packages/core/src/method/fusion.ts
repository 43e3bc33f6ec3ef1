/**
 * Rankings of `ours-plus`, beyond the paper: several stored lists made one. All of them break ties by the smaller id, so
 * that the same lists give the same ranking everywhere.
 */

/**
 * Reciprocal-rank fusion (Cormack, Clarke and Büttcher 2009): an item scores 1 / (constant + rank) in each list that
 * holds it. Every item of every list, best first.
 */
export function reciprocalRankFusion(lists: readonly (readonly number[])[], constant: number): number[] {
	const scores = new Map<number, number>();
	for (const list of lists) {
		const counted = new Set<number>();
		list.forEach((item, index) => {
			// A list that repeats an item counts its best position only.
			if (counted.has(item)) return;
			counted.add(item);
			scores.set(item, (scores.get(item) ?? 0) + 1 / (constant + index + 1));
		});
	}
	return [...scores].sort(([a, scoreOfA], [b, scoreOfB]) => scoreOfB - scoreOfA || a - b).map(([item]) => item);
}

/** Candidates with the model's log-likelihood of each one's id. */
export interface ScoredCandidates {
	items: readonly number[];
	logProbabilities: readonly number[];
}

/** The candidates by the model's likelihood, then `order` without them. */
export function likelihoodFirst({ items, logProbabilities }: ScoredCandidates, order: readonly number[]): number[] {
	const first = items
		.map((item, index) => ({ item, score: logProbabilities[index] ?? Number.NEGATIVE_INFINITY }))
		.sort((a, b) => compareScores(b.score, a.score) || a.item - b.item)
		.map(({ item }) => item);
	return headFirst(first, order);
}

/** The heads of the lists, each item once: what a re-ranker looks at. */
export function poolOf(lists: readonly (readonly number[])[], length: number): number[] {
	return [...new Set(lists.flatMap((list) => list.slice(0, length)))];
}

/** `head`, then what `order` holds besides. */
export function headFirst(head: readonly number[], order: readonly number[]): number[] {
	return [...new Set([...head, ...order])];
}

/** Infinity minus itself is no number, so scores are compared, not subtracted. */
function compareScores(a: number, b: number): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
