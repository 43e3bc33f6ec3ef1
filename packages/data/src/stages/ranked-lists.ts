import { AppError, mixup, type StageParams } from "@atelier/core";
import { z } from "zod";
import { type DuckDb, parquet } from "../duckdb";
import { inputFolder } from "./context";
import { exampleRow, heldOutExamples, numbers, type RankedList, ranked, STORED_LENGTH, unseen } from "./ranked-list";

const baselineRow = exampleRow.extend({ rank: exampleRow.shape.example_id.nullable(), items: numbers });
const outsideRow = baselineRow.extend({ known: z.boolean() });
const memoryRow = exampleRow.extend({ items: numbers });
const listsRow = exampleRow.extend({ id_list: numbers, title_list: numbers });

/** The ranking of every test example by any source but `fusion`, in batches, in the order of `example_id`. */
export async function* rankedListsOf(
	db: DuckDb,
	inputs: Record<string, string>,
	params: StageParams<"evaluate">,
): AsyncGenerator<RankedList[]> {
	const split = inputFolder(inputs, "split");
	// A baseline masks while it ranks the whole catalogue, and gives exact ranks.
	const masks = params.maskSeen && params.source !== "baseline" && params.source !== "outside";
	const tests = heldOutExamples({ split, part: "test", onlyCold: params.examples === "cold", masks });
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
		case "outside": {
			const ranks = parquet(inputFolder(inputs, "baseline"), "ranks.parquet");
			const query = `SELECT x.*, r.example_id IS NOT NULL AS known, r.rank, coalesce(r.items, []) AS items
				FROM (${tests}) x LEFT JOIN ${ranks} r USING (example_id) ORDER BY x.example_id`;
			for await (const rows of db.batches(outsideRow, query)) {
				yield rows.map((row) => {
					if (!row.known) throw new AppError("BAD_DATA", `The file says nothing of test example ${row.example_id}.`);
					// Its rank is what the file says, also where that is none.
					return { ...ranked(row, row.items, "outside"), rank: row.rank };
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
		case "fusion":
			throw new Error("fusion is ranked by fusedLists");
	}
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

function missingRank(exampleId: number): AppError {
	return new AppError("BAD_DATA", `The baseline ranked no items for test example ${exampleId}; run its stage again.`);
}
