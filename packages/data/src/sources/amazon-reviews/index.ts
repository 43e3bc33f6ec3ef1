import type { ImportContext, StagedFacts } from "../../import/import-context";
import { priceOf } from "../../import/prices";
import { type RawTable, readRawTable, requireColumns } from "../../import/raw-table";
import { inspectFile, kindOfName, type SourceFile } from "../../import/source-file";
import { stageRows, timeColumn } from "../../import/stage-rows";
import { cleanKey, cleanText, cleanValue, jsonObject } from "../../sql";
import { INTERACTION_CHECKS, whoAndWhat } from "../interaction-columns";
import { ITEM_CHECKS, ITEM_WARNINGS } from "../item-columns";
import { namesInFolder, noFile, onlyName, type SourcePlan } from "../source-plan";
import { entityDecoder } from "./entities";

/**
 * Amazon Reviews 2023 (Hou et al., 2024): a folder with the reviews of one category and its `meta_…`, both JSONL.
 * A review stands for a purchase. There are no searches: the leaf of the category path is taken as the query before each
 * purchase, as product-search research does, and marked as derived.
 */
export async function planAmazonReviews(folder: string): Promise<SourcePlan> {
	const names = await namesInFolder(folder);
	const isMeta = (name: string) => /^meta[_.]/.test(name) && kindOfName(name) === "jsonl";
	const isReviews = (name: string) => !/^meta[_.]/.test(name) && kindOfName(name) === "jsonl";
	const meta = onlyName(folder, names, "meta", isMeta);
	if (meta === null) throw noFile(folder, "meta file (meta_….jsonl, plain or .gz)", names);
	const reviews = onlyName(folder, names, "reviews", isReviews);
	if (reviews === null) throw noFile(folder, "reviews file (….jsonl, plain or .gz, not beginning with meta_)", names);
	const metaFile = await inspectFile(meta, "jsonl");
	const reviewsFile = await inspectFile(reviews, "jsonl");
	return { files: [metaFile, reviewsFile], fingerprint: "", load: (context) => load(context, metaFile, reviewsFile) };
}

async function load(context: ImportContext, meta: SourceFile, reviews: SourceFile): Promise<StagedFacts> {
	await loadItems(context, await readRawTable(context, meta));
	await loadReviews(context, await readRawTable(context, reviews));
	return { hasItemFile: true, queriesDerived: true };
}

async function loadItems(context: ImportContext, raw: RawTable): Promise<void> {
	requireColumns(raw, ["parent_asin", "title"]);
	const named = ["title", "store", "main_category", "categories"].filter((name) => raw.columns.includes(name));
	const unescaped = await entityDecoder(context, raw, named);
	// A path, or (in the data of 2014) a list of paths.
	const step = (path: string) => `json_extract_string(${raw.json("categories")}, '${path}')`;
	const leaf = cleanText(
		unescaped(
			`CASE WHEN json_valid(${raw.json("categories")}) THEN coalesce(${step("$[#-1][#-1]")}, ${step("$[#-1]")}) END`,
		),
	);
	const category = `coalesce(${leaf}, ${cleanText(unescaped(raw.value("main_category")))})`;
	const details = raw.json("details");
	const detail = (...names: string[]) =>
		`coalesce(${names.map((name) => `json_extract_string(${details}, '/${name}')`).join(", ")})`;
	await stageRows(
		context,
		raw,
		"staged_items",
		{
			item_key: cleanKey(raw.key("parent_asin")),
			raw_unfit: raw.isUnfitKey("parent_asin"),
			title: cleanValue(unescaped(raw.value("title"))),
			raw_nested: "false",
			attributes: jsonObject([
				{ key: "category", value: category },
				{ key: "brand", value: unescaped(`coalesce(${raw.value("store")}, ${detail("Brand", "Brand Name")})`) },
				{ key: "color", value: detail("Color") },
				{ key: "size", value: detail("Size") },
				{ key: "season", value: detail("Seasons", "Season") },
				{ key: "occasion", value: detail("Occasion") },
				{ key: "department", value: detail("Department") },
				{ key: "material", value: detail("Material", "Fabric Type") },
			]),
			price: priceOf(raw.value("price")),
			raw_price: cleanValue(raw.value("price")),
			launched_at: `try_strptime(${detail("Date First Available")}, '%B %-d, %Y')`,
			raw_launched_at: cleanValue(detail("Date First Available")),
			search: `lower(${leaf})`,
		},
		{ checks: ITEM_CHECKS, warnings: ITEM_WARNINGS },
	);
}

async function loadReviews(context: ImportContext, raw: RawTable): Promise<void> {
	requireColumns(raw, ["user_id", "parent_asin", "timestamp"]);
	const time = await timeColumn(context, raw, "timestamp");
	await stageRows(
		context,
		raw,
		"staged_interactions",
		{
			part: "0",
			...whoAndWhat(raw, "user_id", "parent_asin", "'purchase'"),
			action: "'purchase'",
			query: "NULL::VARCHAR",
			query_at: time.stamp,
			raw_stamp: time.raw,
			stamp: time.stamp,
			place: time.order,
		},
		{ checks: [...INTERACTION_CHECKS, ...time.checks] },
	);
}
