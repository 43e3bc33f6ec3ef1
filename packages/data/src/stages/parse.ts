import { join } from "node:path";
import { parseGeneration } from "@atelier/core";
import { z } from "zod";
import { parquet } from "../duckdb";
import { inputFolder, openStageDatabase, type StageContext, type StageResult } from "./context";

const generationRow = z.object({ example_id: z.number(), text: z.string(), log_probability: z.number().nullable() });
const totals = z.object({ generations: z.number(), offCatalogue: z.number() });
const failureRow = z.object({ failure: z.string(), generations: z.number() });

/** Raw generations → id and title, or a named reason why not. Writes `parsed.parquet`. */
export async function runParseStage(context: StageContext<"parse">): Promise<StageResult> {
	const { inputs, output, report } = context;
	const generations = parquet(inputFolder(inputs, "generate"), "generations.parquet");
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
		const query = `SELECT example_id, text, log_probability::DOUBLE AS log_probability FROM ${generations}`;
		for await (const rows of db.batches(generationRow, query)) {
			for (const { example_id, text, log_probability } of rows) {
				const { itemId, title, failure } = parseGeneration(text);
				writer.append([example_id, text, log_probability, itemId, title, failure]);
			}
		}
		await writer.close();
		await db.writeParquet(
			`SELECT r.example_id, r.text, r.log_probability, r.item_id, r.title, i.item_id IS NOT NULL AS in_catalogue, r.failure
			FROM read r LEFT JOIN ${items} i USING (item_id) ORDER BY r.example_id`,
			join(output, "parsed.parquet"),
		);
		const total = await db.one(
			totals,
			`SELECT count(*)::DOUBLE AS generations,
				count(*) FILTER (item_id IS NOT NULL AND item_id NOT IN (SELECT item_id FROM ${items}))::DOUBLE AS "offCatalogue"
			FROM read`,
		);
		const failures = await db.all(
			failureRow,
			"SELECT failure, count(*)::DOUBLE AS generations FROM read WHERE failure IS NOT NULL GROUP BY failure ORDER BY failure",
		);
		const malformed = failures.reduce((sum, row) => sum + row.generations, 0);
		if (malformed > 0) {
			const reasons = failures.map((row) => `${row.failure} ${row.generations}`).join(", ");
			report({
				type: "warning",
				payload: { message: `${malformed} of ${total.generations} generations are malformed: ${reasons}.` },
			});
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
