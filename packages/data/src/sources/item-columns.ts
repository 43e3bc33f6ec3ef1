import type { ImportContext } from "../import/import-context";
import type { RawTable } from "../import/raw-table";
import { type Check, stageRows } from "../import/stage-rows";
import { cleanKey, cleanText, jsonObject, timestampOf } from "../sql";

/** Attributes that the paper's prompts name, in its order; a dataset's others follow them. */
export const PAPER_ATTRIBUTES = ["category", "brand", "color", "size", "season", "holiday", "occasion"] as const;

const NOT_ATTRIBUTES = new Set(["item_id", "title", "family", "price", "launched_at"]);

export const ITEM_CHECKS: readonly Check[] = [
	{ reason: "item_id is missing", when: "item_key IS NULL" },
	{ reason: "title is missing", when: "title IS NULL" },
	{ reason: "price is not a number", when: "raw_price IS NOT NULL AND price IS NULL" },
	{ reason: "launched_at is not understood", when: "raw_launched_at IS NOT NULL AND launched_at IS NULL" },
];

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
	const optional = (name: string) => (raw.columns.includes(name) ? cleanText(raw.value(name)) : "NULL::VARCHAR");
	await stageRows(
		context,
		raw,
		"staged_items",
		{
			item_key: cleanKey(raw.value("item_id")),
			title,
			attributes: jsonObject(attributes),
			family: optional("family"),
			raw_price: optional("price"),
			price: `try_cast(${optional("price")} AS DOUBLE)`,
			raw_launched_at: optional("launched_at"),
			launched_at: timestampOf(optional("launched_at")),
		},
		ITEM_CHECKS,
	);
}
