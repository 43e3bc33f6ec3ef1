import type { ImportContext } from "../import/import-context";
import { priceOf } from "../import/prices";
import type { RawTable } from "../import/raw-table";
import { type Check, stageRows } from "../import/stage-rows";
import { timestampOf } from "../import/times";
import { cleanKey, cleanValue, jsonObject } from "../sql";

/** Attributes that the paper's prompts name, in its order; a dataset's others follow them. */
export const PAPER_ATTRIBUTES = ["category", "brand", "color", "size", "season", "holiday", "occasion"] as const;

const NOT_ATTRIBUTES = new Set(["item_id", "title", "family", "price", "launched_at"]);

export const ITEM_CHECKS: readonly Check[] = [
	{ reason: "item_id is neither text nor a whole number", when: "raw_unfit" },
	{ reason: "item_id is missing", when: "item_key IS NULL" },
	{ reason: "title is missing", when: "title IS NULL" },
];

/** What an item can do without: it stays, with the field empty. */
export const ITEM_WARNINGS: readonly Check[] = [
	{ reason: "price is not one amount and is left empty", when: "raw_price IS NOT NULL AND price IS NULL" },
	{
		reason: "launched_at is not understood and is left empty",
		when: "raw_launched_at IS NOT NULL AND launched_at IS NULL",
	},
	{ reason: "an attribute holds a list of lists or an object and is left out", when: "raw_nested" },
];

/** SQL that is true where one of the columns holds something nested. */
export function nestedIn(raw: RawTable, columns: readonly string[]): string {
	const conditions = columns.map((name) => raw.isNested(name)).filter((condition) => condition !== "false");
	return conditions.length === 0 ? "false" : conditions.join(" OR ");
}

/** Columns that become attributes: the paper's first, then the file's others in their order. */
export function attributeColumns(columns: readonly string[]): string[] {
	const known = PAPER_ATTRIBUTES.filter((name) => columns.includes(name));
	const others = columns.filter((name) => !NOT_ATTRIBUTES.has(name) && !known.some((paper) => paper === name));
	return [...known, ...others];
}

export interface ItemAttribute {
	key: string;
	/** SQL for its text. */
	value: string;
}

/** Stages an item file whose columns bear the canonical names; `attributes` in the place of its other columns. */
export async function stageCanonicalItems(
	context: ImportContext,
	raw: RawTable,
	title: string,
	attributes: readonly ItemAttribute[] = attributeColumns(raw.columns).map((key) => ({ key, value: raw.value(key) })),
): Promise<void> {
	const optional = (name: string) => (raw.columns.includes(name) ? cleanValue(raw.value(name)) : "NULL::VARCHAR");
	await stageRows(
		context,
		raw,
		"staged_items",
		{
			item_key: cleanKey(raw.key("item_id")),
			raw_unfit: raw.isUnfitKey("item_id"),
			title,
			attributes: jsonObject(attributes),
			raw_nested: nestedIn(raw, attributeColumns(raw.columns)),
			family: optional("family"),
			raw_price: optional("price"),
			price: priceOf(optional("price")),
			raw_launched_at: optional("launched_at"),
			launched_at: timestampOf(optional("launched_at")),
		},
		{ checks: ITEM_CHECKS, warnings: ITEM_WARNINGS },
	);
}
