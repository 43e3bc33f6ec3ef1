import type { ImportContext } from "../import/import-context";
import { type RawTable, requireColumns } from "../import/raw-table";
import { type Check, stageRows, timeColumn } from "../import/stage-rows";
import { cleanKey, cleanText } from "../sql";

export const INTERACTION_CHECKS: readonly Check[] = [
	{ reason: "user_id is missing", when: "user_key IS NULL" },
	{
		reason: "action is not search, click or purchase",
		when: "coalesce(action, '') NOT IN ('search', 'click', 'purchase')",
	},
	{ reason: "search without a query", when: "action = 'search' AND query IS NULL" },
	{ reason: "item_id is missing", when: "action <> 'search' AND item_key IS NULL" },
];

/** Stages a file of exposures: what a query showed, at which organic position. */
export async function stageExposures(context: ImportContext, raw: RawTable): Promise<void> {
	requireColumns(raw, ["query", "item_id", "position"]);
	const time = await timeColumn(context, raw, "timestamp");
	await stageRows(
		context,
		raw,
		"staged_exposures",
		{
			query: cleanText(raw.value("query")),
			item_key: cleanKey(raw.value("item_id")),
			position: `try_cast(trim(${raw.value("position")}) AS INTEGER)`,
			raw_stamp: time.raw,
			stamp: time.stamp,
			user_key: raw.columns.includes("user_id") ? cleanKey(raw.value("user_id")) : "NULL::VARCHAR",
		},
		[
			{ reason: "query is missing", when: "query IS NULL" },
			{ reason: "item_id is missing", when: "item_key IS NULL" },
			{ reason: "position is not a number from 1", when: "position IS NULL OR position < 1" },
			...time.checks,
		],
	);
}
