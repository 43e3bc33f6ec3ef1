import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "@atelier/core";
import type { ImportContext, StagedFacts } from "../../import/import-context";
import { type RawTable, readRawTable } from "../../import/raw-table";
import { inspectFile, type SourceFile } from "../../import/source-file";
import { stageRows, timeColumn } from "../../import/stage-rows";
import { cleanKey, cleanText, jsonObject, text } from "../../sql";
import { INTERACTION_CHECKS } from "../interaction-columns";
import { ITEM_CHECKS } from "../item-columns";
import { namesInFolder, noFile, onlyName, type SourcePlan } from "../source-plan";
import { ACTION_COLUMNS, ACTION_WORDS, type FieldNames, fieldNames, QUERY_COLUMNS, TITLE_COLUMNS } from "./fields";

/** RecBole atomic files: `x.inter` and, where it is there, `x.item`; tab-separated, headers such as `user_id:token`. */
export async function planRecbole(path: string): Promise<SourcePlan> {
	if (!existsSync(path)) throw new AppError("BAD_REQUEST", `There is nothing at ${path}.`);
	const folder = statSync(path).isDirectory() ? path : dirname(path);
	const names = await namesInFolder(folder);
	const inter = folder === path ? onlyName(folder, names, ".inter", (name) => /\.inter(\.gz)?$/.test(name)) : path;
	if (inter === null) throw noFile(folder, ".inter file", names);
	if (!/\.inter(\.gz)?$/.test(inter))
		throw new AppError("BAD_REQUEST", `${path} is neither a folder nor an .inter file.`);
	const stem = inter.replace(/\.inter(\.gz)?$/, ".item");
	const item = [stem, `${stem}.gz`].find((candidate) => names.some((name) => join(folder, name) === join(candidate)));
	const interFile = await inspectFile(inter, "tsv");
	const itemFile = item === undefined ? null : await inspectFile(item, "tsv");
	return {
		files: itemFile === null ? [interFile] : [itemFile, interFile],
		fingerprint: "",
		load: (context) => load(context, interFile, itemFile),
	};
}

async function load(context: ImportContext, inter: SourceFile, item: SourceFile | null): Promise<StagedFacts> {
	if (item !== null) await loadItems(context, await readRawTable(context, item));
	await loadInteractions(context, await readRawTable(context, inter));
	return { hasItemFile: item !== null, queriesDerived: false };
}

async function loadItems(context: ImportContext, raw: RawTable): Promise<void> {
	const fields = fieldNames(raw, ["item_id"]);
	const value = (name: string) => raw.value(fields.columnOf(name));
	const title = TITLE_COLUMNS.find((name) => fields.names.includes(name));
	const price = fields.names.includes("price") ? `try_cast(${value("price")} AS DOUBLE)` : "NULL::DOUBLE";
	const attributes = fields.names.filter((name) => !["item_id", "price", title].includes(name));
	await stageRows(
		context,
		raw,
		"staged_items",
		{
			item_key: cleanKey(value("item_id")),
			title: title === undefined ? cleanText(value("item_id")) : cleanText(value(title)),
			attributes: jsonObject(attributes.map((key) => ({ key, value: value(key) }))),
			price,
			raw_price: "NULL::VARCHAR",
			launched_at: "NULL::TIMESTAMP",
			raw_launched_at: "NULL::VARCHAR",
		},
		ITEM_CHECKS,
	);
}

async function loadInteractions(context: ImportContext, raw: RawTable): Promise<void> {
	const fields = fieldNames(raw, ["user_id", "item_id"]);
	const value = (name: string) => raw.value(fields.columnOf(name));
	const time = await timeColumn(context, raw, fields.names.includes("timestamp") ? fields.columnOf("timestamp") : null);
	const action = actionOf(fields, value);
	const query = QUERY_COLUMNS.find((name) => fields.names.includes(name));
	await stageRows(
		context,
		raw,
		"staged_interactions",
		{
			part: "0",
			user_key: cleanKey(value("user_id")),
			action,
			item_key: `CASE WHEN ${action} = 'search' THEN NULL ELSE ${cleanKey(value("item_id"))} END`,
			query: query === undefined ? "NULL::VARCHAR" : cleanText(value(query)),
			query_at: time.stamp,
			raw_stamp: time.raw,
			stamp: time.stamp,
		},
		[...INTERACTION_CHECKS, ...time.checks],
	);
}

/** Interactions are purchases unless a column says what they are. */
function actionOf(fields: FieldNames, value: (name: string) => string): string {
	const name = ACTION_COLUMNS.find((candidate) => fields.names.includes(candidate));
	if (name === undefined) return "'purchase'";
	const cases = Object.entries(ACTION_WORDS).map(([word, action]) => `WHEN ${text(word)} THEN ${text(action)}`);
	return `CASE lower(trim(${value(name)})) ${cases.join(" ")} END`;
}
