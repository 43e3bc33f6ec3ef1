import { readWhole, type WhatIf } from "./inspector-view";

/** The what-if as it stands in the fields. */
export interface WhatIfDraft {
	/** As typed. */
	query: string;
	drop: number[];
	/** As typed. */
	n: string;
}

/** What the run itself had. */
export interface StoredWhatIf {
	/** Null where the session has no search. */
	query: string | null;
	n: number;
	/** Length of the final list, and so the largest N. */
	k: number;
}

export function draftOf(whatIf: WhatIf, stored: Pick<StoredWhatIf, "query" | "n">): WhatIfDraft {
	return { query: whatIf.query || (stored.query ?? ""), drop: whatIf.drop, n: String(whatIf.n ?? stored.n) };
}

/** The change behind the fields; what equals the stored one is no change. Null while N is no number up to `k`. */
export function prepareWhatIf(draft: WhatIfDraft, stored: StoredWhatIf): WhatIf | null {
	const n = readWhole(draft.n.trim());
	if (n === null || n > stored.k) return null;
	const query = draft.query.trim();
	return {
		query: query === (stored.query ?? "") ? "" : query,
		drop: [...draft.drop].sort((a, b) => a - b),
		n: n === stored.n ? null : n,
	};
}
