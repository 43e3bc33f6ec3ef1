import { join } from "node:path";
import { catalogueTitle, parseGeneration } from "@atelier/core";
import { z } from "zod";
import { type DuckDb, parquet, type RowWriter } from "../duckdb";
import { inputFolder, openStageDatabase, type StageContext, type StageResult } from "./context";
import { idFormOf, idReaderOf } from "./id-texts";

const generationRow = z.object({
	example_id: z.number(),
	text: z.string(),
	log_probability: z.number().nullable(),
	candidates: z.array(z.number()),
});
const firstRow = z.object({ example_id: z.number(), item_id: z.number().nullable(), title: z.string().nullable() });
const namedRow = z.object({ example_id: z.number(), title: z.string(), of_id: z.string() });
const totals = z.object({ generations: z.number(), offCatalogue: z.number() });
const failureRow = z.object({ failure: z.string(), generations: z.number() });

/** Why an example of the control `ours-no-llm` has no item. */
const NO_CANDIDATES = "no-candidates";

/**
 * Raw generations → the catalogue's id and a title, or a named reason why not. For the control `ours-no-llm` the
 * memory's first product stands in their place. Writes `parsed.parquet`.
 */
export async function runParseStage(context: StageContext<"parse">): Promise<StageResult> {
	const { inputs, output, params, report } = context;
	const items = parquet(inputFolder(inputs, "dataset"), "items.parquet");
	const db = await openStageDatabase(context);
	try {
		const writer = await db.writer("read", {
			example_id: "integer",
			text: "text",
			log_probability: "double",
			item_id: "integer",
			title: "text",
			failure: "text",
		});
		if (params.from === "generation") await readGenerations(db, writer, inputs);
		else await takeFirstCandidates(db, writer, inputs, items);
		await writer.close();
		await restoreTitles(db, items);
		await db.writeParquet(
			`SELECT r.example_id, r.text, r.log_probability, r.item_id, coalesce(t.title, r.title) AS title,
				i.item_id IS NOT NULL AS in_catalogue, r.failure
			FROM read r LEFT JOIN ${items} i USING (item_id) LEFT JOIN restored t USING (example_id) ORDER BY r.example_id`,
			join(output, "parsed.parquet"),
		);
		const total = await db.one(
			totals,
			`SELECT count(*)::DOUBLE AS generations, count(*) FILTER (failure = 'unknown-id'
				OR item_id IS NOT NULL AND item_id NOT IN (SELECT item_id FROM ${items}))::DOUBLE AS "offCatalogue" FROM read`,
		);
		const failures = await db.all(
			failureRow,
			"SELECT failure, count(*)::DOUBLE AS generations FROM read WHERE failure IS NOT NULL GROUP BY failure ORDER BY failure",
		);
		const malformed = failures.reduce((sum, row) => sum + row.generations, 0);
		if (malformed > 0) {
			const reasons = failures.map((row) => `${row.failure} ${row.generations}`).join(", ");
			const message = `${malformed} of ${total.generations} answers are not what was asked for: ${reasons}.`;
			report({ type: "warning", payload: { message } });
		}
		return {
			...total,
			malformed,
			...Object.fromEntries(failures.map((row) => [`failure.${row.failure}`, row.generations])),
		};
	} finally {
		db.close();
	}
}

async function readGenerations(db: DuckDb, writer: RowWriter, inputs: Record<string, string>): Promise<void> {
	const folder = inputFolder(inputs, "prompts");
	const idsOf = await idReaderOf(db, folder, await idFormOf(db, folder));
	const query = `SELECT g.example_id, g.text, g.log_probability::DOUBLE AS log_probability,
			coalesce(p.candidates, []) AS candidates
		FROM ${parquet(inputFolder(inputs, "generate"), "generations.parquet")} g
		LEFT JOIN ${parquet(folder, "prompts.parquet")} p USING (example_id)`;
	for await (const rows of db.batches(generationRow, query)) {
		for (const { example_id, text, log_probability, candidates } of rows) {
			const { itemId, title, failure } = parseGeneration(text, idsOf(candidates));
			writer.append([example_id, text, log_probability, itemId, title, failure]);
		}
	}
}

/** Titles that answers write as prompts do, as the catalogue has them: table `restored`. */
async function restoreTitles(db: DuckDb, items: string): Promise<void> {
	const writer = await db.writer("restored", { example_id: "integer", title: "text" });
	const query = `SELECT r.example_id, r.title, i.title AS of_id
		FROM read r JOIN ${items} i USING (item_id) WHERE r.title <> i.title`;
	for await (const rows of db.batches(namedRow, query)) {
		for (const { example_id, title, of_id } of rows) {
			const restored = catalogueTitle(title, of_id);
			if (restored !== title) writer.append([example_id, restored]);
		}
	}
	await writer.close();
}

/** The test examples alone: nothing is fitted on a control. */
async function takeFirstCandidates(
	db: DuckDb,
	writer: RowWriter,
	inputs: Record<string, string>,
	items: string,
): Promise<void> {
	const query = `SELECT p.example_id, i.item_id, i.title
		FROM ${parquet(inputFolder(inputs, "prompts"), "prompts.parquet")} p
		LEFT JOIN ${items} i ON i.item_id = p.candidates[1] WHERE p.split = 'test'`;
	for await (const rows of db.batches(firstRow, query)) {
		for (const { example_id, item_id, title } of rows) {
			const failure = item_id === null ? NO_CANDIDATES : null;
			writer.append([example_id, "", null, item_id, title, failure]);
		}
	}
}
