/** One stored query near the shopper's own, with the products that it showed. */
export interface Neighbour {
	queryId: number;
	/** Cosine similarity to the shopper's query. */
	similarity: number;
	/** Products by organic position, the first at position 1; empty when the query has no listing yet. */
	items: readonly number[];
}

export interface CandidateRequest {
	neighbours: readonly Neighbour[];
	/** Q: how many of the nearest queries that have a listing count. */
	queries: number;
	/** V: how many products are returned at most. */
	products: number;
}

export interface Candidates {
	/** Best first. */
	items: number[];
	/** For each item the index into `neighbours` of the query that gave most of its score. */
	origins: number[];
	/** The queries that counted, nearest first. */
	neighbours: { queryId: number; similarity: number }[];
}

/**
 * Products that the query-product memory offers for a query (paper, section 4.2): the listings of the nearest Q queries
 * merged, an item scoring similarity / position in each listing that it stands in. Equal scores go to the item whose
 * nearest query is nearer, then to the smaller id. The paper leaves the merge open; this one keeps its two observations,
 * that near queries mean the same and that shoppers buy from the top.
 */
export function selectCandidates({ neighbours, queries, products }: CandidateRequest): Candidates {
	const nearest = neighbours
		.filter((neighbour) => neighbour.items.length > 0)
		.sort((a, b) => b.similarity - a.similarity || a.queryId - b.queryId)
		.slice(0, queries);
	interface Standing {
		item: number;
		score: number;
		similarity: number;
		share: number;
		origin: number;
	}
	const standings = new Map<number, Standing>();
	nearest.forEach(({ similarity, items }, origin) => {
		const counted = new Set<number>();
		items.forEach((item, index) => {
			// A listing that repeats a product counts its best position only.
			if (counted.has(item)) return;
			counted.add(item);
			const share = similarity / (index + 1);
			const standing = standings.get(item);
			if (standing === undefined) {
				standings.set(item, { item, score: share, similarity, share, origin });
				return;
			}
			standing.score += share;
			if (share > standing.share) {
				standing.share = share;
				standing.origin = origin;
			}
		});
	});
	const best = [...standings.values()]
		.sort((a, b) => b.score - a.score || b.similarity - a.similarity || a.item - b.item)
		.slice(0, products);
	return {
		items: best.map(({ item }) => item),
		origins: best.map(({ origin }) => origin),
		neighbours: nearest.map(({ queryId, similarity }) => ({ queryId, similarity })),
	};
}
