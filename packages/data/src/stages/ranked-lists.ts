import { AppError, mixup, type Rank, type StageParams } from "@atelier/core";
import { z } from "zod";
import { type DuckDb, parquet } from "../duckdb";
import { inputFolder } from "./context";

/** Items stored for each user: enough to look past K. */
const STORED_LENGTH = 100;

export type PredictionOrigin = "id" | "title" | "baseline" | "memory";

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

const numbers = z.array(z.number());
const example = z.object({
	example_id: z.number(),
	user_id: z.number(),
	target_item: z.number(),
	cold: z.boolean(),
	/** Items of the history without the ground truth; empty where seen items may be recommended again. */
	seen: numbers,
});
const baselineRow = example.extend({ rank: z.number().nullable(), items: numbers });
const memoryRow = example.extend({ items: numbers });
const listsRow = example.extend({ id_list: numbers, title_list: numbers });

/** The ranking of every test example, in batches, in the order of `example_id`. */
export async function* rankedListsOf(
	db: DuckDb,
	inputs: Record<string, string>,
	params: StageParams<"evaluate">,
): AsyncGenerator<RankedList[]> {
	const split = inputFolder(inputs, "split");
	// A baseline masks while it ranks the whole catalogue, and gives exact ranks.
	const masks = params.maskSeen && params.source !== "baseline";
	const tests = testExamples(split, masks);
	switch (params.source) {
		case "baseline": {
			const ranks = parquet(inputFolder(inputs, "baseline"), "ranks.parquet");
			const query = `SELECT x.*, r.rank, coalesce(r.items, []) AS items
				FROM (${tests}) x LEFT JOIN ${ranks} r USING (example_id) ORDER BY x.example_id`;
			for await (const rows of db.batches(baselineRow, query)) {
				yield rows.map((row) => {
					if (row.rank === null) throw missingRank(row.example_id);
					return ranked(row, row.items, "baseline", row.rank);
				});
			}
			break;
		}
		case "memory": {
			const candidates = parquet(inputFolder(inputs, "memory"), "candidates.parquet");
			const query = `SELECT x.*, coalesce(c.items, []) AS items
				FROM (${tests}) x LEFT JOIN ${candidates} c USING (example_id) ORDER BY x.example_id`;
			for await (const rows of db.batches(memoryRow, query)) {
				yield rows.map((row) => ranked(row, unseen(row.items, row.seen), "memory"));
			}
			break;
		}
		case "lists": {
			const lists = parquet(inputFolder(inputs, "retrieve"), "lists.parquet");
			const query = `SELECT x.*, coalesce(l.id_list, []) AS id_list, coalesce(l.title_list, []) AS title_list
				FROM (${tests}) x LEFT JOIN ${lists} l USING (example_id) ORDER BY x.example_id`;
			for await (const rows of db.batches(listsRow, query)) {
				yield rows.map((row) => mixed(row, params));
			}
			break;
		}
	}
}

function testExamples(split: string, masks: boolean): string {
	const examples = parquet(split, "examples.parquet");
	const seen = `SELECT x.example_id, list(DISTINCT e.item_id) AS seen FROM ${examples} x
		JOIN ${parquet(split, "events.parquet")} e
			ON e.user_id = x.user_id AND e.ord < x.target_ord AND e.item_id <> x.target_item
		WHERE x.split = 'test' GROUP BY x.example_id`;
	return `SELECT x.example_id, x.user_id, x.target_item, x.cold,
			${masks ? "coalesce(s.seen, [])" : "[]::INTEGER[]"} AS seen
		FROM ${examples} x ${masks ? `LEFT JOIN (${seen}) s USING (example_id)` : ""} WHERE x.split = 'test'`;
}

function mixed(row: z.infer<typeof listsRow>, params: StageParams<"evaluate">): RankedList {
	// Past K the title list simply goes on, so that ranks beyond K can be looked at.
	const { items, origins } = mixup({
		idList: unseen(row.id_list, row.seen),
		titleList: unseen(row.title_list, row.seen),
		n: params.n,
		k: Math.max(params.k, STORED_LENGTH),
		mode: params.mixup,
	});
	return { ...ranked(row, items, "title"), origins: origins.slice(0, STORED_LENGTH) };
}

function ranked(
	row: z.infer<typeof example>,
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

function unseen(items: readonly number[], seen: readonly number[]): readonly number[] {
	return seen.length === 0 ? items : items.filter((item) => !seen.includes(item));
}

function missingRank(exampleId: number): AppError {
	return new AppError("BAD_DATA", `The baseline ranked no items for test example ${exampleId}; run its stage again.`);
}
