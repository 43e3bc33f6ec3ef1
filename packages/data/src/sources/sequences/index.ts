import { AppError } from "@atelier/core";
import type { ImportContext, StagedFacts } from "../../import/import-context";
import { readRawTable, requireColumns } from "../../import/raw-table";
import { inspectFile, kindOfName, type SourceFile } from "../../import/source-file";
import { stageRows } from "../../import/stage-rows";
import { cleanText } from "../../sql";
import { stageCanonicalItems } from "../item-columns";
import type { SourcePlan } from "../source-plan";

/** One user per line, `user item item …` in time order; all are purchases, and there are no times. */
export async function planSequences(path: string, itemsPath: string | undefined): Promise<SourcePlan> {
	const sequences = await inspectFile(path, "lines");
	let items: SourceFile | null = null;
	if (itemsPath !== undefined) {
		const kind = kindOfName(itemsPath);
		if (kind === null)
			throw new AppError("BAD_REQUEST", `${itemsPath}: an item file is .csv, .tsv, .jsonl or .parquet.`);
		items = await inspectFile(itemsPath, kind);
	}
	return {
		files: items === null ? [sequences] : [items, sequences],
		fingerprint: "",
		load: (context) => load(context, sequences, items),
	};
}

async function load(context: ImportContext, sequences: SourceFile, items: SourceFile | null): Promise<StagedFacts> {
	if (items !== null) await loadItems(context, items);
	const raw = await readRawTable(context, sequences, { lineColumn: "sequence" });
	const words = "string_split_regex(trim(sequence), '\\s+')";
	// A user without an item is one row with no item, so that the check below names it.
	const exploded = `(SELECT line, words[1] AS user_word, unnest(CASE WHEN len(words) > 1 THEN words[2:] ELSE [NULL] END) AS item_word,
		generate_subscripts(CASE WHEN len(words) > 1 THEN words[2:] ELSE [NULL] END, 1) AS place
		FROM (SELECT line, ${words} AS words FROM ${raw.table}))`;
	await stageRows(
		context,
		raw,
		"staged_interactions",
		{ part: "place", user_key: "user_word", action: "'purchase'", item_key: "item_word" },
		[{ reason: "user without items", when: "item_key IS NULL" }],
		exploded,
	);
	return { hasItemFile: items !== null, queriesDerived: false };
}

/** Without a `title` the values of an `attributes` column (`Makeup|Nails`) make one; failing that, the id. */
async function loadItems(context: ImportContext, items: SourceFile): Promise<void> {
	const raw = await readRawTable(context, items);
	requireColumns(raw, ["item_id"]);
	const titles = [
		...(raw.columns.includes("title") ? [cleanText(raw.value("title"))] : []),
		...(raw.columns.includes("attributes") ? [cleanText(`replace(${raw.value("attributes")}, '|', ' ')`)] : []),
		cleanText(raw.value("item_id")),
	];
	await stageCanonicalItems(context, raw, `coalesce(${titles.join(", ")})`);
}
