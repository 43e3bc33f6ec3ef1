import { access } from "node:fs/promises";
import { AppError } from "@atelier/core";
import type { ImportContext, StagedFacts } from "../../import/import-context";
import { readRawTable, requireColumns } from "../../import/raw-table";
import { inspectFile, kindOfName, type SourceFile } from "../../import/source-file";
import { stageRows } from "../../import/stage-rows";
import { cleanText, cleanValue } from "../../sql";
import { attributeColumns, stageCanonicalItems } from "../item-columns";
import type { SourcePlan } from "../source-plan";

/** Endings of an item file that is taken without being named: `x_items.csv.gz` beside `x.txt.gz`. */
const ITEM_FILE_ENDINGS = ["_items.csv", "_items.csv.gz"];

/**
 * One user per line, `user item item …` in time order; all are purchases, and there are no times.
 *
 * @param itemsPath item file; when undefined, `<name>_items.csv` or `.csv.gz` beside the sequences, where there is one
 */
export async function planSequences(path: string, itemsPath: string | undefined): Promise<SourcePlan> {
	const sequences = await inspectFile(path, "lines");
	const items = await itemFile(itemsPath ?? (await itemFileBeside(path)));
	return {
		files: items === null ? [sequences] : [items, sequences],
		fingerprint: "",
		load: (context) => load(context, sequences, items),
	};
}

async function itemFile(path: string | undefined): Promise<SourceFile | null> {
	if (path === undefined) return null;
	const kind = kindOfName(path);
	if (kind === null) throw new AppError("BAD_REQUEST", `${path}: an item file is .csv, .tsv, .jsonl or .parquet.`);
	return inspectFile(path, kind);
}

async function itemFileBeside(path: string): Promise<string | undefined> {
	const name = path.replace(/(\.[^./\\]+)?(\.gz)?$/i, "");
	for (const ending of ITEM_FILE_ENDINGS) {
		const found = await access(name + ending).then(
			() => true,
			() => false,
		);
		if (found) return name + ending;
	}
	return undefined;
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
		{ checks: [{ reason: "user without items", when: "item_key IS NULL" }], from: exploded },
	);
	return { hasItemFile: items !== null, queriesDerived: false };
}

/**
 * Without a `title` the values of an `attributes` column (`OPI|Makeup|Nails`) make one; failing that, the id. Without a
 * `category` they are that as well. An `asin` is a shop's number for the item, not an attribute.
 */
async function loadItems(context: ImportContext, items: SourceFile): Promise<void> {
	const raw = await readRawTable(context, items);
	requireColumns(raw, ["item_id"]);
	const isNamed = (name: string) => raw.columns.includes(name);
	const listed = (separator: string) => `replace(${raw.value("attributes")}, '|', '${separator}')`;
	const titles = [
		...(isNamed("title") ? [cleanValue(raw.value("title"))] : []),
		...(isNamed("attributes") ? [cleanText(listed(" "))] : []),
		cleanText(raw.value("item_id")),
	];
	const others = attributeColumns(raw.columns).filter((name) => name !== "attributes" && name !== "asin");
	const attributes = others.map((key) => ({ key, value: raw.value(key) }));
	if (isNamed("attributes") && !isNamed("category")) attributes.unshift({ key: "category", value: listed(", ") });
	await stageCanonicalItems(context, raw, `coalesce(${titles.join(", ")})`, attributes);
}
