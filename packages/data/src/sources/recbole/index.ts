import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { AppError } from "@atelier/core";
import { type ImportContext, type StagedFacts, warnOfFile } from "../../import/import-context";
import { priceOf } from "../../import/prices";
import { type RawTable, readRawTable } from "../../import/raw-table";
import { inspectFile, type SourceFile } from "../../import/source-file";
import { stageRows, timeColumn } from "../../import/stage-rows";
import { shownNames } from "../../import/table-header";
import { cleanKey, cleanText, cleanValue, jsonObject, text } from "../../sql";
import { INTERACTION_CHECKS, whoAndWhat } from "../interaction-columns";
import { ITEM_CHECKS, ITEM_WARNINGS } from "../item-columns";
import { namesInFolder, noFile, onlyName, type SourcePlan } from "../source-plan";
import {
	ACTION_COLUMNS,
	ACTION_WORDS,
	DELIMITERS,
	type FieldNames,
	fieldNames,
	QUERY_COLUMNS,
	TITLE_COLUMNS,
} from "./fields";
import { listsOf, loadSequences, userField } from "./item-lists";

/**
 * RecBole atomic files: `x.inter` and, where it is there, `x.item`; headers such as `user_id:token`. A log that was cut
 * into `x.train.inter`, `x.valid.inter` and `x.test.inter` is read as one.
 */
export async function planRecbole(path: string): Promise<SourcePlan> {
	if (!existsSync(path)) throw new AppError("BAD_REQUEST", `There is nothing at ${path}.`);
	const folder = statSync(path).isDirectory() ? path : dirname(path);
	const names = await namesInFolder(folder);
	const inters = folder === path ? interNames(folder, names) : [basename(path)];
	const [first] = inters;
	if (first === undefined) throw noFile(folder, ".inter file", names);
	if (!INTER.test(first)) throw new AppError("BAD_REQUEST", `${path} is neither a folder nor an .inter file.`);
	const stem = first.replace(inters.length > 1 ? PART : INTER, "");
	const item = [`${stem}.item`, `${stem}.item.gz`].find((candidate) => names.includes(candidate));
	const interFiles: SourceFile[] = [];
	for (const name of inters) interFiles.push(await inspectFile(join(folder, name), "tsv"));
	const itemFile = item === undefined ? null : await inspectFile(join(folder, item), "tsv");
	return {
		files: itemFile === null ? interFiles : [itemFile, ...interFiles],
		fingerprint: "",
		load: (context) => load(context, interFiles, itemFile),
	};
}

const INTER = /\.inter(\.gz)?$/;
const PART = /\.(train|valid|test)\.inter(\.gz)?$/;
const PARTS = ["train", "valid", "test"];

/** The one `.inter` file, or the parts of one log in the order of their time. */
function interNames(folder: string, names: readonly string[]): string[] {
	const found = names.filter((name) => INTER.test(name));
	const stems = new Set(found.map((name) => name.replace(PART, "")));
	const isOneLog = found.length > 1 && stems.size === 1 && found.every((name) => PART.test(name));
	if (isOneLog) return PARTS.flatMap((part) => found.filter((name) => name.includes(`.${part}.inter`)));
	const only = onlyName(folder, names, ".inter", (name) => INTER.test(name));
	return only === null ? [] : [basename(only)];
}

const READ = { delimiters: DELIMITERS };

async function load(
	context: ImportContext,
	inters: readonly SourceFile[],
	item: SourceFile | null,
): Promise<StagedFacts> {
	if (item !== null) await loadItems(context, await readRawTable(context, item, READ));
	const tables: RawTable[] = [];
	for (const inter of inters) tables.push(await readRawTable(context, inter, READ));
	const [first] = tables;
	if (first !== undefined && tables.length > 1) {
		await warnOfFile(
			context,
			first.file,
			"the split that the files give is not used: train, valid and test are one log",
		);
	}
	const listed = tables.filter((raw) => listsOf(raw) !== null);
	if (listed.length > 0) await loadSequences(context, listed);
	for (const raw of tables) if (!listed.includes(raw)) await loadInteractions(context, raw);
	return { hasItemFile: item !== null, queriesDerived: false };
}

async function loadItems(context: ImportContext, raw: RawTable): Promise<void> {
	const fields = fieldNames(raw, ["item_id"]);
	const value = (name: string) => raw.value(fields.columnOf(name));
	const title = TITLE_COLUMNS.find((name) => fields.names.includes(name));
	const price = fields.names.includes("price") ? value("price") : "NULL::VARCHAR";
	const attributes = fields.names.filter((name) => !["item_id", "price", title].includes(name));
	await stageRows(
		context,
		raw,
		"staged_items",
		{
			item_key: cleanKey(value("item_id")),
			raw_unfit: "false",
			raw_nested: "false",
			title: title === undefined ? cleanText(value("item_id")) : cleanValue(value(title)),
			attributes: jsonObject(attributes.map((key) => ({ key, value: value(key) }))),
			price: priceOf(price),
			raw_price: cleanValue(price),
			launched_at: "NULL::TIMESTAMP",
			raw_launched_at: "NULL::VARCHAR",
		},
		{ checks: ITEM_CHECKS, warnings: ITEM_WARNINGS },
	);
}

async function loadInteractions(context: ImportContext, raw: RawTable): Promise<void> {
	const fields = fieldNames(raw, ["item_id"]);
	const user = await userField(context, raw);
	const value = (name: string) => raw.value(fields.columnOf(name));
	const lists = fields.names.filter((name) => fields.isList(name));
	if (lists.length > 0) {
		await warnOfFile(context, raw.file, `lists are not read as events: ${shownNames(lists)}`);
	}
	const time = await timeColumn(context, raw, fields.names.includes("timestamp") ? fields.columnOf("timestamp") : null);
	const action = actionOf(fields, value);
	const query = QUERY_COLUMNS.find((name) => fields.names.includes(name));
	await stageRows(
		context,
		raw,
		"staged_interactions",
		{
			part: "0",
			...whoAndWhat(raw, user, fields.columnOf("item_id"), action),
			action,
			query: query === undefined ? "NULL::VARCHAR" : cleanText(value(query)),
			query_at: time.stamp,
			raw_stamp: time.raw,
			stamp: time.stamp,
			place: time.order,
		},
		{ checks: [...INTERACTION_CHECKS, ...time.checks] },
	);
}

/** Interactions are purchases unless a column says what they are. */
function actionOf(fields: FieldNames, value: (name: string) => string): string {
	const name = ACTION_COLUMNS.find((candidate) => fields.names.includes(candidate));
	if (name === undefined) return "'purchase'";
	const cases = Object.entries(ACTION_WORDS).map(([word, action]) => `WHEN ${text(word)} THEN ${text(action)}`);
	return `CASE lower(trim(${value(name)})) ${cases.join(" ")} END`;
}
