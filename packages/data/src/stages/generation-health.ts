import { candidateVerdict, generationHealth, type JudgedGeneration, PARSE_FAILURES, plainText } from "@atelier/core";
import { z } from "zod";
import { type DuckDb, parquet } from "../duckdb";
import { inputFolder, type StageResult } from "./context";

const titleRow = z.object({ item_id: z.number(), title: z.string() });
const judgedRow = z.object({
	item_id: z.number().nullable(),
	title: z.string().nullable(),
	failure: z.enum(PARSE_FAILURES).nullable(),
	in_catalogue: z.boolean(),
	target_item: z.number(),
	candidates: z.array(z.number()),
});

const answersRow = z.object({ areGenerated: z.boolean() });

/**
 * Health of the test generations, each figure named `health.…` for the stage's result; nothing for a control, where no
 * model answered.
 */
export async function generationHealthOf(db: DuckDb, inputs: Record<string, string>): Promise<StageResult> {
	const parsed = parquet(inputFolder(inputs, "parse"), "parsed.parquet");
	const prompts = parquet(inputFolder(inputs, "prompts"), "prompts.parquet");
	const items = parquet(inputFolder(inputs, "dataset"), "items.parquet");
	// Only a model's answers have a probability.
	const answers = `SELECT coalesce(bool_or(log_probability IS NOT NULL), false) AS "areGenerated" FROM ${parsed}`;
	if (!(await db.one(answersRow, answers)).areGenerated) return {};
	// Only titles that can matter are read: those of generated ids, and those equal to a generated title once both are
	// written as prompts write them. Comparing letters and digits alone finds the latter without missing one.
	const bare = (column: string) => `regexp_replace(${column}, '[^[:alnum:]]', '', 'g')`;
	const titles = `SELECT item_id, title FROM ${items} WHERE item_id IN (SELECT item_id FROM ${parsed})
		OR ${bare("title")} IN (SELECT ${bare("title")} FROM ${parsed} WHERE title IS NOT NULL)`;
	const titleOf = new Map<number, string>();
	for await (const rows of db.batches(titleRow, titles)) {
		for (const row of rows) titleOf.set(row.item_id, plainText(row.title));
	}
	const known = new Set(titleOf.values());
	const judged: JudgedGeneration[] = [];
	const query = `SELECT g.item_id, g.title, g.failure, g.in_catalogue, p.target_item, p.candidates
		FROM ${parsed} g JOIN ${prompts} p USING (example_id) WHERE p.split = 'test'`;
	for await (const rows of db.batches(judgedRow, query)) {
		for (const row of rows) {
			const title = row.title === null ? null : plainText(row.title);
			judged.push({
				itemId: row.item_id,
				title,
				failure: row.failure,
				candidates: row.candidates,
				targetItem: row.target_item,
				inCatalogue: row.in_catalogue,
				titleOfId: row.item_id === null ? null : (titleOf.get(row.item_id) ?? null),
				titleInCatalogue: title !== null && known.has(title),
			});
		}
	}
	const { verdict, p, modelOnly, firstOnly } = candidateVerdict(judged);
	const health = Object.entries({
		...generationHealth(judged),
		verdict,
		verdictP: p,
		verdictModelOnly: modelOnly,
		verdictFirstOnly: firstOnly,
	});
	return Object.fromEntries(health.map(([name, value]) => [`health.${name}`, value]));
}
