import type { ImportContext, StagedFacts } from "../../import/import-context";
import { type RawTable, readRawTable, requireColumns } from "../../import/raw-table";
import { inspectFile, kindOfName, type SourceFile } from "../../import/source-file";
import { stageRows, timeColumn } from "../../import/stage-rows";
import { cleanText, cleanValue } from "../../sql";
import { INTERACTION_CHECKS, stageExposures, whoAndWhat } from "../interaction-columns";
import { stageCanonicalItems } from "../item-columns";
import { namesInFolder, noFile, onlyName, type SourcePlan } from "../source-plan";

/** The canonical format: a folder with `items`, `interactions` and optionally `exposures`. */
export async function planAtelier(folder: string): Promise<SourcePlan> {
	const names = await namesInFolder(folder);
	const find = async (stem: string): Promise<SourceFile | null> => {
		const path = onlyName(folder, names, stem, (name) => name.startsWith(`${stem}.`) && kindOfName(name) !== null);
		const kind = path === null ? null : kindOfName(path);
		return path === null || kind === null ? null : inspectFile(path, kind);
	};
	const wanted = (stem: string) =>
		noFile(folder, `${stem} file (${stem}.csv, .jsonl or .parquet, plain or .gz)`, names);
	const items = await find("items");
	if (items === null) throw wanted("items");
	const interactions = await find("interactions");
	if (interactions === null) throw wanted("interactions");
	const exposures = await find("exposures");
	return {
		files: [items, interactions, ...(exposures === null ? [] : [exposures])],
		fingerprint: "",
		load: (context) => load(context, items, interactions, exposures),
	};
}

async function load(
	context: ImportContext,
	items: SourceFile,
	interactions: SourceFile,
	exposures: SourceFile | null,
): Promise<StagedFacts> {
	const rawItems = await readRawTable(context, items);
	requireColumns(rawItems, ["item_id", "title"]);
	await stageCanonicalItems(context, rawItems, cleanValue(rawItems.value("title")));
	await stageInteractions(context, await readRawTable(context, interactions));
	if (exposures !== null) await stageExposures(context, await readRawTable(context, exposures));
	return { hasItemFile: true, queriesDerived: false };
}

async function stageInteractions(context: ImportContext, raw: RawTable): Promise<void> {
	requireColumns(raw, ["user_id", "action", "item_id"]);
	const time = await timeColumn(context, raw, "timestamp");
	const action = `lower(trim(${raw.value("action")}))`;
	const query = raw.columns.includes("query") ? cleanText(raw.value("query")) : "NULL::VARCHAR";
	await stageRows(
		context,
		raw,
		"staged_interactions",
		{
			part: "0",
			...whoAndWhat(raw, "user_id", "item_id", action),
			action,
			// Only searches have a query here: the search before a click is a row of its own.
			query: `CASE WHEN ${action} = 'search' THEN ${query} END`,
			raw_stamp: time.raw,
			stamp: time.stamp,
			query_at: time.stamp,
			place: time.order,
		},
		{ checks: [...INTERACTION_CHECKS, ...time.checks] },
	);
}
