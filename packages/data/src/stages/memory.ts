import { join } from "node:path";
import { selectCandidates } from "@atelier/core";
import { DOUBLE, INTEGER, LIST } from "@duckdb/node-api";
import { z } from "zod";
import { inputFolder, type StageContext, type StageResult } from "./context";
import { memoryTables } from "./memory-tables";
import { type RowWriter, TableStore } from "./table-store";

const listing = z.object({ query_id: z.number(), similarity: z.number(), items: z.array(z.number()) });
const exampleRow = z.object({ example_id: z.number(), neighbours: z.array(listing).nullable() });
const totals = z.object({
	examples: z.number(),
	shown: z.number(),
	fromExposures: z.boolean(),
	queries: z.number(),
	unplaced: z.number(),
	undated: z.number(),
});
const coverage = z.object({ withCandidates: z.number(), withTarget: z.number(), withTargetInPrompt: z.number() });

/** Examples joined with their listings at a time; bounds what the join holds in memory. */
const EXAMPLES_A_PASS = 5_000;

/**
 * The query-product memory (paper, section 4.2) and what it offers each example, from listings that were seen before the
 * example's session only. Writes `memory.parquet` and `candidates.parquet`.
 */
export async function runMemoryStage(context: StageContext<"memory">): Promise<StageResult> {
	const { inputs, output, params, report } = context;
	const tables = memoryTables({
		dataset: inputFolder(inputs, "dataset"),
		split: inputFolder(inputs, "split"),
		encodeQueries: inputFolder(inputs, "encodeQueries"),
		...params,
	});
	const store = await TableStore.open(output, context);
	try {
		for (const statement of tables.statements) await store.run(statement);
		const total = await store.row(totals, tables.totals);
		if (total.unplaced > 0) {
			report({
				type: "warning",
				payload: {
					message: `${total.unplaced} exposures without a time belong to shoppers with a held-out purchase; they may be of that purchase's session, so the memory leaves them out.`,
				},
			});
		}
		if (total.undated > 0) {
			report({
				type: "warning",
				payload: {
					message: `${total.undated} exposures have no time: every example may see them, later ones included.`,
				},
			});
		}
		await store.export(tables.memory, join(output, "memory.parquet"));
		const writer = await store.writer("candidates", {
			example_id: { sql: "INTEGER", type: INTEGER },
			items: { sql: "INTEGER[]", type: LIST(INTEGER) },
			origins: { sql: "INTEGER[]", type: LIST(INTEGER) },
			neighbours: { sql: "INTEGER[]", type: LIST(INTEGER) },
			similarities: { sql: "DOUBLE[]", type: LIST(DOUBLE) },
		});
		for (let first = 0; first < total.examples; first += EXAMPLES_A_PASS) {
			const last = Math.min(first + EXAMPLES_A_PASS, total.examples);
			for await (const rows of store.batches(exampleRow, tables.listings(first, last))) {
				for (const row of rows) appendCandidates(writer, row, params.queries, params.listLength);
			}
			report({
				type: "progress",
				payload: { step: "candidates", done: last, total: total.examples, unit: "examples" },
			});
		}
		writer.close();
		await store.export("FROM candidates ORDER BY example_id", join(output, "candidates.parquet"));
		const covered = await store.row(coverage, tables.coverage);
		return {
			examples: total.examples,
			listings: total.queries,
			shown: total.shown,
			source: total.fromExposures ? "exposures" : "purchases",
			testWithCandidates: covered.withCandidates,
			testTargetListed: covered.withTarget,
			testTargetInPrompt: covered.withTargetInPrompt,
		};
	} finally {
		await store.close();
	}
}

function appendCandidates(writer: RowWriter, row: z.infer<typeof exampleRow>, queries: number, products: number): void {
	const { items, origins, neighbours } = selectCandidates({
		neighbours: (row.neighbours ?? []).map((n) => ({ queryId: n.query_id, similarity: n.similarity, items: n.items })),
		queries,
		products,
	});
	writer.append([
		row.example_id,
		items,
		origins,
		neighbours.map((neighbour) => neighbour.queryId),
		neighbours.map((neighbour) => neighbour.similarity),
	]);
}
