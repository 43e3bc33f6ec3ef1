export type ListOrigin = "id" | "title";

export interface MixupRequest {
	/** Items by similarity to the generated id, best first; empty when there was none. */
	idList: readonly number[];
	/** Items by similarity to the generated title, best first; empty when there was none. */
	titleList: readonly number[];
	/** Positions 1..n come from the id list; 0 leaves ids out, n ≥ k leaves titles out. */
	n: number;
	/** Length of the result. */
	k: number;
	/** `distinct`: an item keeps its first place and the list goes on; `literal`: position p is position p of its list. */
	mode: "distinct" | "literal";
}

export interface MixupResult {
	/** At most `k` items; fewer only when both lists are too short. */
	items: number[];
	origins: ListOrigin[];
}

/**
 * Retrieval with mixup (paper, section 4.4): positions 1..N from the id list, N+1..K from the title list. Where the
 * list whose turn it is has nothing, the other one stands in, so a generation without an id is ranked by its title alone.
 */
export function mixup(request: MixupRequest): MixupResult {
	return request.mode === "literal" ? literalMixup(request) : distinctMixup(request);
}

function literalMixup({ idList, titleList, n, k }: MixupRequest): MixupResult {
	const items: number[] = [];
	const origins: ListOrigin[] = [];
	for (let place = 0; place < k; place += 1) {
		const [first, second]: [ListOrigin, ListOrigin] = place < n ? ["id", "title"] : ["title", "id"];
		const at = (origin: ListOrigin) => (origin === "id" ? idList : titleList)[place];
		const origin = at(first) === undefined ? second : first;
		const item = at(origin);
		if (item === undefined) break;
		items.push(item);
		origins.push(origin);
	}
	return { items, origins };
}

function distinctMixup({ idList, titleList, n, k }: MixupRequest): MixupResult {
	const taken = new Map<number, ListOrigin>();
	const take = (list: readonly number[], origin: ListOrigin, until: number) => {
		for (const item of list) {
			if (taken.size >= until) return;
			if (!taken.has(item)) taken.set(item, origin);
		}
	};
	take(idList, "id", Math.min(n, k));
	take(titleList, "title", k);
	take(idList, "id", k);
	return { items: [...taken.keys()], origins: [...taken.values()] };
}
