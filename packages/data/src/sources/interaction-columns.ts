import type { ImportContext } from "../import/import-context";
import { type RawTable, requireColumns } from "../import/raw-table";
import { type Check, stageRows, timeColumn } from "../import/stage-rows";
import { cleanKey, cleanText } from "../sql";

export const INTERACTION_CHECKS: readonly Check[] = [
	{ reason: "user_id is neither text nor a whole number", when: "raw_unfit_user" },
	{ reason: "user_id is missing", when: "user_key IS NULL" },
	{
		reason: "action is not search, click or purchase",
		when: "coalesce(action, '') NOT IN ('search', 'click', 'purchase')",
	},
	{ reason: "search without a query", when: "action = 'search' AND query IS NULL" },
	{ reason: "item_id is neither text nor a whole number", when: "action <> 'search' AND raw_unfit_item" },
	{ reason: "item_id is missing", when: "action <> 'search' AND item_key IS NULL" },
];

/** Who did it and with what: the expressions that {@link INTERACTION_CHECKS} look at beside `action` and `query`. */
export function whoAndWhat(raw: RawTable, userId: string, itemId: string, action: string): Record<string, string> {
	return {
		user_key: cleanKey(raw.key(userId)),
		raw_unfit_user: raw.isUnfitKey(userId),
		item_key: `CASE WHEN ${action} = 'search' THEN NULL ELSE ${cleanKey(raw.key(itemId))} END`,
		raw_unfit_item: raw.isUnfitKey(itemId),
	};
}

export interface ExposureColumns {
	query: string;
	itemId: string;
	position: string;
	timestamp: string | null;
	userId: string | null;
}

/** Stages a file of exposures, what a query showed at which organic position, whose columns bear the canonical names. */
export async function stageExposures(context: ImportContext, raw: RawTable): Promise<void> {
	requireColumns(raw, ["query", "item_id", "position"]);
	await stageExposureColumns(context, raw, {
		query: "query",
		itemId: "item_id",
		position: "position",
		timestamp: "timestamp",
		userId: raw.columns.includes("user_id") ? "user_id" : null,
	});
}

export async function stageExposureColumns(
	context: ImportContext,
	raw: RawTable,
	columns: ExposureColumns,
): Promise<void> {
	const time = await timeColumn(context, raw, columns.timestamp);
	await stageRows(
		context,
		raw,
		"staged_exposures",
		{
			query: cleanText(raw.value(columns.query)),
			item_key: cleanKey(raw.key(columns.itemId)),
			position: `try_cast(try_cast(trim(${raw.value(columns.position)}) AS DOUBLE) AS INTEGER)`,
			raw_stamp: time.raw,
			stamp: time.stamp,
			user_key: columns.userId === null ? "NULL::VARCHAR" : cleanKey(raw.key(columns.userId)),
		},
		{
			checks: [
				{ reason: "query is missing", when: "query IS NULL" },
				{ reason: "item_id is missing", when: "item_key IS NULL" },
				{ reason: "position is not a number from 1", when: "position IS NULL OR position < 1" },
				...time.checks.filter((check) => !check.when.includes("place")),
			],
		},
	);
}
