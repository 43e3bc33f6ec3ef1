import { z } from "zod";

const column = z.string().min(1).max(500);

/** Which column of a file of ranks holds what. */
export const outsideMapping = z
	.strictObject({
		/** The shopper's key. */
		user: column,
		/** A ranked list a row, best first. */
		items: column.optional(),
		/** One item a row: its shopper's list is put together by `rank`, else by `score`, else as the rows stand. */
		item: column.optional(),
		/** Of the ground truth; with `item`, of that item. */
		rank: column.optional(),
		/** With `items`, a list of scores; with `item`, that item's. */
		score: column.optional(),
		/** The held-out item's key; where it is there, it must be the split's. */
		groundTruth: column.optional(),
		/** Between the keys of a list that is no JSON; a blank by default. */
		separator: z.string().min(1).max(5).optional(),
		/** What the best rank is called. */
		ranksFrom: z.union([z.literal(0), z.literal(1)]).optional(),
	})
	.refine(({ items, item }) => items === undefined || item === undefined, {
		message: "a file has a list a row (items) or an item a row (item), not both",
	})
	.refine(({ items, item, rank }) => items !== undefined || item !== undefined || rank !== undefined, {
		message: "names neither items, nor item, nor rank: say which column holds the ranking",
	});
export type OutsideMapping = z.infer<typeof outsideMapping>;

/** The parts of a mapping that are columns, in the order in which a person is asked for them. */
export const OUTSIDE_COLUMNS = ["user", "items", "item", "rank", "score", "groundTruth"] as const;
export type OutsideColumn = (typeof OUTSIDE_COLUMNS)[number];

/** Names by which columns go, without their case, blanks and a type behind a colon (`user_id:token`). */
const KNOWN: Record<OutsideColumn, readonly string[]> = {
	user: ["user_id", "user", "userid", "uid", "user_key", "customer_id", "shopper", "session_id"],
	items: [
		"items",
		"item_list",
		"item_id_list",
		"topk",
		"top_k",
		"recommendations",
		"ranked_items",
		"topk_iid_list",
		"prediction",
	],
	item: ["item_id", "item", "itemid", "iid", "item_key", "article_id"],
	rank: ["rank", "position", "pos"],
	score: ["scores", "score", "topk_score", "prediction_score"],
	groundTruth: ["ground_truth", "groundtruth", "target", "target_item", "label", "positive_item"],
};

const plainName = (name: string) =>
	name
		.replace(/:(token|float|token_seq|float_seq)$/i, "")
		.trim()
		.toLowerCase()
		.replace(/[\s-]+/g, "_");

/** What the columns of a file seem to be, by their names; null where they say too little. */
export function guessOutsideMapping(columns: readonly string[]): OutsideMapping | null {
	const found: Partial<Record<OutsideColumn, string>> = {};
	for (const part of OUTSIDE_COLUMNS) {
		const name = KNOWN[part].flatMap((known) => columns.find((given) => plainName(given) === known) ?? [])[0];
		if (name !== undefined) found[part] = name;
	}
	// A list says more than an item: in a file with both, the item is the one that was held out.
	if (found.items !== undefined && found.item !== undefined) {
		found.groundTruth ??= found.item;
		delete found.item;
	}
	const mapping = outsideMapping.safeParse(found);
	return mapping.success ? mapping.data : null;
}
