import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { selectCandidates } from "@atelier/core";
import { z } from "zod";
import type { DuckDb, RowWriter } from "../duckdb";
import { inputFolder, openStageDatabase, type StageContext, type StageResult } from "./context";
import { ListingHistory } from "./listing-history";
import { memoryTables } from "./memory-tables";
import { RowCursor } from "./row-cursor";

const listing = z.object({ query_id: z.number(), similarity: z.number(), items: z.array(z.number()) });
const exampleRow = z.object({ example_id: z.number(), neighbours: z.array(listing).nullable() });
const shownRow = z.object({
	query_id: z.number(),
	item_id: z.number(),
	position: z.number().nullable(),
	at: z.number().nullable(),
	user_id: z.number().nullable(),
});
const requestRow = z.object({
	query_id: z.number(),
	example_id: z.number(),
	user_id: z.number(),
	until: z.number().nullable(),
	similarity: z.number(),
});
const totals = z.object({
	examples: z.number(),
	requests: z.number(),
	shown: z.number(),
	fromExposures: z.boolean(),
	queries: z.number(),
	unplaced: z.number(),
	undated: z.number(),
});
const coverage = z.object({ withCandidates: z.number(), withTarget: z.number(), withTargetInPrompt: z.number() });

const splitSummary = z.object({ trainUntil: z.string().nullish() });

/** Reports between two progress events. */
const REPORT_EVERY = 20_000;

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
		trainUntil: await trainUntilOf(inputFolder(inputs, "split")),
		...params,
	});
	const db = await openStageDatabase(context);
	try {
		for (const statement of tables.statements) await db.run(statement);
		const total = await db.one(totals, tables.totals);
		if (total.unplaced > 0) {
			report({
				type: "warning",
				payload: {
					message: `${total.unplaced} exposures without a time may be of a held-out session, so the memory leaves them out.`,
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
		await db.writeParquet(tables.memory, join(output, "memory.parquet"));
		await answerRequests(db, tables, params.listLength, (done) =>
			report({ type: "progress", payload: { step: "listings", done, total: total.requests, unit: "listings" } }),
		);
		const writer = await db.writer("candidates", {
			example_id: "integer",
			items: "integers",
			origins: "integers",
			neighbours: "integers",
			similarities: "doubles",
		});
		for await (const rows of db.batches(exampleRow, tables.offered)) {
			for (const row of rows) appendCandidates(writer, row, params.queries, params.listLength);
		}
		await writer.close();
		await db.writeParquet("FROM candidates ORDER BY example_id", join(output, "candidates.parquet"));
		const covered = await db.one(coverage, tables.coverage);
		if (covered.withCandidates === 0) {
			const message =
				"No test example gets a candidate from the memory: nothing was shown for its nearest queries before";
			report({ type: "warning", payload: { message, code: "empty-memory" } });
		}
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
		db.close();
	}
}

async function trainUntilOf(split: string): Promise<string | null> {
	const summary: unknown = JSON.parse(await readFile(join(split, "summary.json"), "utf8"));
	return splitSummary.parse(summary).trainUntil ?? null;
}

/**
 * Writes `offers` and `listings`: for every request the listing as it stood at the request's time. Both streams run by query and time,
 * so that one query's history is in memory, never all of them.
 */
async function answerRequests(
	db: DuckDb,
	tables: { shown: string; requests: string },
	listLength: number,
	onProgress: (done: number) => void,
): Promise<void> {
	const listings = await db.writer("listings", { listing_id: "integer", items: "integers" });
	const offers = await db.writer("offers", {
		example_id: "integer",
		neighbour_id: "integer",
		similarity: "double",
		listing_id: "integer",
	});
	let listing: { id: number; items: readonly number[] } = { id: 0, items: [] };
	const shown = new RowCursor(db.batches(shownRow, tables.shown));
	let query = -1;
	let history = new ListingHistory(listLength);
	let done = 0;
	for await (const requests of db.batches(requestRow, tables.requests)) {
		for (const request of requests) {
			if (request.query_id !== query) {
				query = request.query_id;
				history = new ListingHistory(listLength);
			}
			for (;;) {
				const row = shown.head() ?? ((await shown.fill()) ? shown.head() : undefined);
				if (row === undefined || row.query_id > query) break;
				const isEarlier = row.at === null || request.until === null || row.at < request.until;
				if (row.query_id === query && !isEarlier) break;
				if (row.query_id === query) {
					history.add({ item: row.item_id, position: row.position, at: row.at, user: row.user_id });
				}
				shown.advance();
			}
			const items = history.listing(request.user_id, request.until !== null);
			if (items !== listing.items) {
				listing = { id: listing.id + 1, items };
				listings.append([listing.id, items]);
			}
			offers.append([request.example_id, query, request.similarity, listing.id]);
			done += 1;
			if (done % REPORT_EVERY === 0) onProgress(done);
		}
	}
	await listings.close();
	await offers.close();
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
