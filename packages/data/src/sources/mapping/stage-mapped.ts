import type { ImportContext } from "../../import/import-context";
import { type RawTable, requireColumns } from "../../import/raw-table";
import { stageRows, timeColumn } from "../../import/stage-rows";
import { cleanKey, cleanText, jsonObject, shortened, text, timestampOf } from "../../sql";
import { INTERACTION_CHECKS, stageExposureColumns } from "../interaction-columns";
import { ITEM_CHECKS } from "../item-columns";
import { explodedRows, PLACE, RAGGED, refuseJsonLists } from "./explode";
import type { ExposuresMapping, InteractionsMapping, ItemsMapping } from "./mapping-schema";
import { templateColumns, templateText } from "./template";

/** Rows of one block stay together when several blocks read the same line. */
const BLOCK_STRIDE = 1_000_000_000;

export async function stageMappedItems(context: ImportContext, raw: RawTable, mapping: ItemsMapping): Promise<void> {
	const templates = mapping.deriveSearch ?? [];
	const { family, price, launchedAt } = mapping;
	requireColumns(raw, [
		mapping.itemId,
		...mapping.title.map((part) => part.column),
		...Object.values(mapping.attributes),
		...[family, price, launchedAt].filter((name) => name !== undefined),
		...templates.flatMap(templateColumns),
	]);
	const optional = (name: string | undefined) => (name === undefined ? "NULL::VARCHAR" : cleanText(raw.value(name)));
	const titles = mapping.title.map(({ column, maxLength }) => {
		const clean = cleanText(raw.value(column));
		return maxLength === undefined ? clean : shortened(clean, maxLength);
	});
	const attributes = Object.entries(mapping.attributes).map(([key, name]) => ({ key, value: raw.value(name) }));
	const searches = templates.map((template) => templateText(template, (name) => raw.value(name)));
	const itemKey = cleanKey(raw.value(mapping.itemId));
	const firstRows = `(SELECT * FROM ${raw.table} QUALIFY row_number() OVER (PARTITION BY ${itemKey} ORDER BY line) = 1)`;
	await stageRows(
		context,
		raw,
		"staged_items",
		{
			item_key: itemKey,
			title: `coalesce(${titles.join(", ")})`,
			attributes: jsonObject(attributes),
			family: optional(family),
			raw_price: optional(price),
			price: `try_cast(${optional(price)} AS DOUBLE)`,
			raw_launched_at: optional(launchedAt),
			launched_at: timestampOf(optional(launchedAt)),
			search: searches.length === 0 ? "NULL::VARCHAR" : `coalesce(${searches.join(", ")})`,
		},
		ITEM_CHECKS,
		mapping.repeats ? firstRows : raw.table,
	);
}

export async function stageMappedInteractions(
	context: ImportContext,
	raw: RawTable,
	mapping: InteractionsMapping,
	block: number,
): Promise<void> {
	const { explode, query, queryTimestamp, timestamp, userId } = mapping;
	requireColumns(
		raw,
		[
			userId.column,
			mapping.itemId,
			mapping.action.column,
			query?.column,
			queryTimestamp,
			timestamp?.column,
			...(explode?.columns ?? []),
		].filter((name) => name !== undefined),
	);
	if (explode !== undefined) await refuseJsonLists(context, raw);
	const separator = explode?.separator ?? "";
	const time = await timeColumn(
		context,
		raw,
		timestamp?.column ?? null,
		timeParser(timestamp?.format ?? "auto", separator),
	);
	const searchedAt = await timeColumn(context, raw, queryTimestamp ?? null);
	const action = actionOf(raw, mapping.action);
	const queryText = query === undefined ? "NULL::VARCHAR" : cleanText(raw.value(query.column));
	const none = (query?.none ?? []).map(text).join(", ");
	const rows = explode === undefined ? raw.table : explodedRows(raw, separator, explode.columns);
	await stageRows(
		context,
		raw,
		"staged_interactions",
		{
			part: `${block * BLOCK_STRIDE} + ${explode === undefined ? "0" : PLACE}`,
			user_key: userId.column === undefined ? "line::VARCHAR" : cleanKey(raw.value(userId.column)),
			action: action.value,
			item_key: `CASE WHEN ${action.value} = 'search' THEN NULL ELSE ${cleanKey(raw.value(mapping.itemId))} END`,
			query: none === "" ? queryText : `CASE WHEN ${queryText} NOT IN (${none}) THEN ${queryText} END`,
			query_at: queryTimestamp === undefined ? time.stamp : searchedAt.stamp,
			raw_stamp: time.raw,
			stamp: time.stamp,
			raw_ragged: explode === undefined ? "false" : RAGGED,
		},
		[{ reason: "lists of different lengths", when: "raw_ragged" }, ...INTERACTION_CHECKS, ...time.checks],
		action.skipped === null ? rows : `(SELECT * FROM ${rows} WHERE NOT coalesce(${action.skipped}, false))`,
	);
}

export async function stageMappedExposures(
	context: ImportContext,
	raw: RawTable,
	mapping: ExposuresMapping,
): Promise<void> {
	const { query, itemId, position, timestamp, userId } = mapping;
	requireColumns(
		raw,
		[query, itemId, position, timestamp, userId].filter((name) => name !== undefined),
	);
	await stageExposureColumns(context, raw, {
		query,
		itemId,
		position,
		timestamp: timestamp ?? null,
		userId: userId ?? null,
	});
}

function actionOf(raw: RawTable, action: InteractionsMapping["action"]): { value: string; skipped: string | null } {
	if (action.column === undefined) return { value: text(action.always ?? ""), skipped: null };
	const found = cleanKey(raw.value(action.column));
	const entries = Object.entries(action.values ?? {});
	const cases = entries.map(([word, ours]) => `WHEN ${text(word)} THEN ${text(ours)}`).join(" ");
	const skipped = entries.filter(([, ours]) => ours === "skip").map(([word]) => text(word));
	return {
		value: `CASE ${found} ${cases} END`,
		skipped: skipped.length === 0 ? null : `${found} IN (${skipped.join(", ")})`,
	};
}

/**
 * Gaps give times relative to the user's first event, counted from 1970: they order a user's events and divide them
 * into sessions, but cannot be compared between users.
 */
function timeParser(format: string, separator: string): (expression: string) => string {
	const afterSeconds = (seconds: string) => `make_timestamp((1000000 * (${seconds}))::BIGINT)`;
	switch (format) {
		case "auto":
			return timestampOf;
		case "gaps":
			return (gap) => afterSeconds(`sum(try_cast(${gap} AS DOUBLE)) OVER (PARTITION BY line ORDER BY ${PLACE})`);
		case "gaps-total":
			return (list) =>
				afterSeconds(
					`list_sum(list_transform(string_split(${list}, ${text(separator)}), lambda gap: try_cast(gap AS DOUBLE)))`,
				);
		default:
			return (expression) => `try_strptime(trim(${expression}), ${text(format)})`;
	}
}
