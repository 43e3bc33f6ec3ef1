import { AppError } from "@atelier/core";
import { z } from "zod";
import { type ImportContext, warnOfFile } from "../../import/import-context";
import { plainText, type RawTable } from "../../import/raw-table";
import { stageRows, timeColumn } from "../../import/stage-rows";
import { column } from "../../sql";
import { INTERACTION_CHECKS, whoAndWhat } from "../interaction-columns";
import { fieldNames } from "./fields";

const ITEMS = "item_id_list";
const TIMES = "timestamp_list";
const BLANKS = "'\\s+'";

/** The lists of a file whose rows are sequences, a history and its target, as RecBole's sequential data sets have them. */
export function listsOf(raw: RawTable): { hasTimes: boolean } | null {
	const fields = fieldNames(raw, []);
	if (!fields.names.includes(ITEMS)) return null;
	return { hasTimes: fields.names.includes(TIMES) && fields.names.includes("timestamp") };
}

/** The column that tells whose a row is; sessions stand for users where there are no users. */
export async function userField(context: ImportContext, raw: RawTable): Promise<string> {
	const { names, columnOf } = fieldNames(raw, []);
	if (names.includes("user_id") || !names.includes("session_id"))
		return fieldNames(raw, ["user_id"]).columnOf("user_id");
	await warnOfFile(context, raw.file, "there is no user_id: each session is read as a user");
	return columnOf("session_id");
}

/**
 * Reads sequences of which each row holds a beginning and the item that followed it. Rows of one user are beginnings of
 * one another: the longest holds them all. Where a history was cut at a greatest length that is not so; then the times
 * tell which events are the same.
 *
 * @throws AppError BAD_DATA where two rows of a user contradict each other and no times tell them apart
 */
export async function loadSequences(context: ImportContext, tables: readonly RawTable[]): Promise<void> {
	const { db } = context;
	const hasTimes = tables.every((raw) => listsOf(raw)?.hasTimes);
	const rows: string[] = [];
	for (const raw of tables) {
		const { columnOf } = fieldNames(raw, ["item_id", ITEMS]);
		const words = (name: string) => `string_split_regex(trim(${raw.value(columnOf(name))}), ${BLANKS})`;
		const followed = (list: string, last: string) =>
			`list_append(coalesce(${words(list)}, []), trim(${raw.value(columnOf(last))}))`;
		const user = raw.value(await userField(context, raw));
		rows.push(`SELECT ${raw.file} AS file, line, trim(${user}) AS user_word, ${followed(ITEMS, "item_id")} AS items,
			${hasTimes ? followed(TIMES, "timestamp") : "NULL::VARCHAR[]"} AS times FROM ${raw.table}`);
	}
	await db.run(`CREATE TABLE sequences AS ${rows.join(" UNION ALL ")}`);
	if (!hasTimes) await refuseContradictions(context, tables);
	for (const raw of tables) {
		const table = `sequence_events_${raw.file}`;
		// An event stands in many rows: it counts where the longest sequence that holds it stands.
		const events = `SELECT file, line, user_word, unnest(items) AS item_word, unnest(${hasTimes ? "times" : "items"}) AS time_word,
			generate_subscripts(items, 1) AS part, len(items) AS length FROM sequences`;
		const same = hasTimes ? "user_word, item_word, time_word" : "user_word, part";
		await db.run(`CREATE TABLE ${table} AS SELECT line, part, user_word, item_word, time_word FROM (${events})
			QUALIFY row_number() OVER (PARTITION BY ${same} ORDER BY length DESC, file, line, part) = 1 AND file = ${raw.file}`);
		await stageEvents(
			context,
			{ ...raw, ...plainText(column), table, columns: ["user_word", "item_word", "time_word"] },
			hasTimes,
		);
		await db.run(`DROP TABLE ${table}`);
	}
	await db.run("DROP TABLE sequences");
}

async function stageEvents(context: ImportContext, raw: RawTable, hasTimes: boolean): Promise<void> {
	const [any] = await context.db.all(z.object({ line: z.number() }), `SELECT line FROM ${raw.table} LIMIT 1`);
	if (any === undefined) return;
	const time = await timeColumn(context, raw, hasTimes ? "time_word" : null);
	await stageRows(
		context,
		raw,
		"staged_interactions",
		{
			part: "part",
			...whoAndWhat(raw, "user_word", "item_word", "'purchase'"),
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

async function refuseContradictions(context: ImportContext, [first]: readonly RawTable[]): Promise<void> {
	const [bad] = await context.db.all(
		z.object({ line: z.number() }),
		`SELECT s.line FROM sequences s JOIN (
			SELECT user_word, arg_max(items, len(items)) AS longest FROM sequences GROUP BY user_word) l USING (user_word)
		WHERE s.items <> l.longest[1:len(s.items)] ORDER BY s.file, s.line LIMIT 1`,
	);
	if (bad === undefined) return;
	throw new AppError(
		"BAD_DATA",
		`${first?.fileName ?? "The file"}: the sequence on line ${bad.line} is no beginning of its user's longest one, so that the user's log cannot be put together. With timestamp and ${TIMES} it can.`,
	);
}
