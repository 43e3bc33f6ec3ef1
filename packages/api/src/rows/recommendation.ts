import type { ItemRow } from "./item";

/** What ours did for one shopper, step by step; the same shape for a stored prediction and a live one. */
export interface Recommendation {
	query: string | null;
	prompt: string;
	/** Nearest queries of the memory, most similar first. */
	neighbours: { query: string; similarity: number }[];
	/** Products offered in the prompt; `neighbour` is the index of the query that brought it. */
	candidates: { item: ItemRow; neighbour: number }[];
	generation: {
		text: string;
		itemId: number | null;
		title: string | null;
		failure: string | null;
		/** Null where no model answered (the memory's first product in its place). */
		logProbability: number | null;
	};
	idList: ItemRow[];
	titleList: ItemRow[];
	/** The mixup of both lists. */
	final: { item: ItemRow; origin: string }[];
	/** 1-based rank of the ground truth in `final`'s full list; null when it is not there. */
	rank: number | null;
}
