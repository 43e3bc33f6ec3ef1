import type { Rank } from "@atelier/core";
import { z } from "zod";
import { parquet } from "../duckdb";

/** Items stored for each user: enough to look past K. */
export const STORED_LENGTH = 100;

export type PredictionOrigin = "id" | "title" | "baseline" | "memory" | "fusion" | "outside";

export interface RankedList {
	exampleId: number;
	userId: number;
	groundTruth: number;
	rank: Rank;
	/** At most 100. */
	items: number[];
	origins: PredictionOrigin[];
	cold: boolean;
}

export const numbers = z.array(z.number());

/** Columns of {@link heldOutExamples}. */
export const exampleRow = z.object({
	example_id: z.number(),
	user_id: z.number(),
	target_item: z.number(),
	cold: z.boolean(),
	/** Items of the history without the ground truth; empty where seen items may be recommended again. */
	seen: numbers,
});
export type ExampleRow = z.infer<typeof exampleRow>;

export interface HeldOutRequest {
	/** Folder of the split. */
	split: string;
	part: "valid" | "test";
	/** Only examples whose ground truth no training event holds. */
	onlyCold: boolean;
	/** Whether the items of the history are wanted, to be taken out of the ranking. */
	masks: boolean;
}

/** The held-out examples of one part, as SQL. */
export function heldOutExamples({ split, part, onlyCold, masks }: HeldOutRequest): string {
	const examples = parquet(split, "examples.parquet");
	const seen = `SELECT x.example_id, list(DISTINCT e.item_id) AS seen FROM ${examples} x
		JOIN ${parquet(split, "events.parquet")} e
			ON e.user_id = x.user_id AND e.ord < x.target_ord AND e.item_id <> x.target_item
		WHERE x.split = '${part}' GROUP BY x.example_id`;
	return `SELECT x.example_id, x.user_id, x.target_item, x.cold,
			${masks ? "coalesce(s.seen, [])" : "[]::INTEGER[]"} AS seen
		FROM ${examples} x ${masks ? `LEFT JOIN (${seen}) s USING (example_id)` : ""}
		WHERE x.split = '${part}' ${onlyCold ? "AND x.cold" : ""}`;
}

/** A ranking of an example; `rank` where it is known exactly, beyond what is stored. */
export function ranked(
	row: ExampleRow,
	items: readonly number[],
	origin: PredictionOrigin,
	exactRank?: number,
): RankedList {
	const place = items.indexOf(row.target_item);
	const stored = items.slice(0, STORED_LENGTH);
	return {
		exampleId: row.example_id,
		userId: row.user_id,
		groundTruth: row.target_item,
		rank: exactRank ?? (place === -1 ? null : place + 1),
		items: stored,
		origins: stored.map(() => origin),
		cold: row.cold,
	};
}

export function unseen(items: readonly number[], seen: readonly number[]): readonly number[] {
	return seen.length === 0 ? items : items.filter((item) => !seen.includes(item));
}
