import type { ImportContext } from "../../import/import-context";
import { priceOf } from "../../import/prices";
import { type RawTable, requireColumns } from "../../import/raw-table";
import { stageRows, timeColumn } from "../../import/stage-rows";
import { partsStamp, serialDayStamp, TIME_UNITS, type TimeReading, timestampOf, unitStamp } from "../../import/times";
import { cleanKey, cleanText, cleanValue, jsonObject, shortened, text } from "../../sql";
import { INTERACTION_CHECKS, stageExposureColumns, whoAndWhat } from "../interaction-columns";
import { ITEM_CHECKS, ITEM_WARNINGS, nestedIn } from "../item-columns";
import { explodedRows, PLACE, RAGGED, refuseJsonLists } from "./explode";
import { type ExposuresMapping, type InteractionsMapping, type ItemsMapping, TIME_PARTS } from "./mapping-schema";
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
	const optional = (name: string | undefined) => (name === undefined ? "NULL::VARCHAR" : cleanValue(raw.value(name)));
	const titles = mapping.title.map(({ column, maxLength }) => {
		const clean = cleanValue(raw.value(column));
		return maxLength === undefined ? clean : shortened(clean, maxLength);
	});
	const attributes = Object.entries(mapping.attributes).map(([key, name]) => ({ key, value: raw.value(name) }));
	const searches = templates.map((template) => templateText(template, (name) => raw.value(name)));
	const itemKey = cleanKey(raw.key(mapping.itemId));
	const firstRows = `(SELECT * FROM ${raw.table} QUALIFY row_number() OVER (PARTITION BY ${itemKey} ORDER BY line) = 1)`;
	await stageRows(
		context,
		raw,
		"staged_items",
		{
			item_key: itemKey,
			raw_unfit: raw.isUnfitKey(mapping.itemId),
			title: `coalesce(${titles.join(", ")})`,
			attributes: jsonObject(attributes),
			raw_nested: nestedIn(raw, Object.values(mapping.attributes)),
			family: optional(family),
			raw_price: optional(price),
			price: priceOf(optional(price)),
			raw_launched_at: optional(launchedAt),
			launched_at: timestampOf(optional(launchedAt)),
			search: searches.length === 0 ? "NULL::VARCHAR" : `coalesce(${searches.join(", ")})`,
		},
		{ checks: ITEM_CHECKS, warnings: ITEM_WARNINGS, from: mapping.repeats ? firstRows : raw.table },
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
			...TIME_PARTS.map((part) => timestamp?.[part]),
			...(explode?.columns ?? []),
		].filter((name) => name !== undefined),
	);
	if (explode !== undefined) await refuseJsonLists(context, raw);
	const separator = explode?.separator ?? "";
	const time = await timeColumn(
		context,
		raw,
		timestamp?.column ?? timestamp?.year ?? null,
		timestamp === undefined ? undefined : readingOf(raw, timestamp, separator),
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
			...whoAndWhat(raw, userId.column ?? mapping.itemId, mapping.itemId, action.value),
			...(userId.column === undefined && { user_key: "line::VARCHAR", raw_unfit_user: "false" }),
			action: action.value,
			query: none === "" ? queryText : `CASE WHEN ${queryText} NOT IN (${none}) THEN ${queryText} END`,
			query_at: queryTimestamp === undefined ? time.stamp : searchedAt.stamp,
			raw_stamp: time.raw,
			stamp: time.stamp,
			place: time.order,
			raw_ragged: explode === undefined ? "false" : RAGGED,
		},
		{
			checks: [{ reason: "lists of different lengths", when: "raw_ragged" }, ...INTERACTION_CHECKS, ...time.checks],
			from: action.skipped === null ? rows : `(SELECT * FROM ${rows} WHERE NOT coalesce(${action.skipped}, false))`,
		},
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
 * How a mapping says that times are read; undefined where that is told by the values.
 *
 * Gaps give times relative to the user's first event, counted from 1970: they order a user's events and divide them
 * into sessions, but cannot be compared between users.
 */
function readingOf(
	raw: RawTable,
	timestamp: NonNullable<InteractionsMapping["timestamp"]>,
	separator: string,
): TimeReading | undefined {
	const { format } = timestamp;
	if (timestamp.year !== undefined) {
		const parts = TIME_PARTS.flatMap((part) => {
			const name = timestamp[part];
			return name === undefined ? [] : [[part, raw.value(name)] as const];
		});
		return () => partsStamp(Object.fromEntries(parts));
	}
	const unit = TIME_UNITS.find((known) => known === format);
	if (unit !== undefined) return (expression) => unitStamp(expression, unit);
	const afterSeconds = (seconds: string) => `make_timestamp((1000000 * (${seconds}))::BIGINT)`;
	switch (format) {
		case "auto":
			return undefined;
		case "order":
			return "order";
		case "serial-days":
			return serialDayStamp;
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
