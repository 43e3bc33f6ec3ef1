import { AppError } from "@atelier/core";
import { z } from "zod";
import { text } from "../sql";
import type { ImportContext } from "./import-context";
import { shownText } from "./shown-text";

/** How the times of one column are read. */
export interface ColumnTimes {
	/** SQL for the timestamp. */
	stamp: string;
	/** SQL for a number that orders events in place of a time. */
	order: string;
	isOrder: boolean;
	/** What a person should know of the reading; null when it is the obvious one. */
	note: string | null;
}

/** How somebody said that a column is to be read: SQL out of its text, or numbers that only order the events. */
export type TimeReading = ((expression: string) => string) | "order";

/** Numbers count as times from here on, in whatever unit; a smaller one would be read as a moment in the 1970s or 80s. */
const FIRST_SECOND = Date.UTC(1990, 0, 1) / 1000;
const LAST_SECOND = Date.UTC(2200, 0, 1) / 1000;
/** Units since 1970, by how many make a second. The plausible ranges do not meet: each number has one reading. */
const UNITS = { seconds: 1, milliseconds: 1e3, microseconds: 1e6, nanoseconds: 1e9 } as const;
export type TimeUnit = keyof typeof UNITS;
export const TIME_UNITS: readonly TimeUnit[] = ["seconds", "milliseconds", "microseconds", "nanoseconds"];
/** Days since the last but one of 1899, as spreadsheets count: 1954 to 2118. */
const SERIAL_DAYS = { first: 20_000, last: 80_000 };

/** Patterns that public logs use, tried for advice alone: which of two readings holds is for a person to say. */
const PATTERNS = [
	"%m/%d/%Y",
	"%d/%m/%Y",
	"%d.%m.%Y",
	"%m-%d-%Y",
	"%d-%m-%Y",
	"%m/%d/%y",
	"%d/%m/%y",
	"%d %b %Y",
	"%b %d, %Y",
	"%B %d, %Y",
	"%d-%b-%Y",
	"%a %b %d %Y",
	"%Y/%m/%d",
	"%Y.%m.%d",
	"%Y%m%d",
].flatMap((day) => ["", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S"].map((clock) => day + clock));

const numberOf = (expression: string) => `try_cast(trim(${expression}) AS DOUBLE)`;
const isYear = (stamp: string) => `CASE WHEN year(${stamp}) BETWEEN 1970 AND 2200 THEN ${stamp} END`;

/** ISO 8601, or a number of seconds, milliseconds, microseconds or nanoseconds that lies between 1990 and 2200. */
export function timestampOf(expression: string): string {
	const number = numberOf(expression);
	const cases = TIME_UNITS.map(
		(unit) =>
			`WHEN ${number} >= ${FIRST_SECOND * UNITS[unit]} AND ${number} < ${LAST_SECOND * UNITS[unit]} THEN ${unitStamp(expression, unit)}`,
	);
	return isYear(`(CASE WHEN ${number} IS NOT NULL THEN CASE ${cases.join(" ")} END
		ELSE try_cast(trim(${expression}) AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END)`);
}

/** A number in a unit that somebody has named: any moment from 1970 to 2200. */
export function unitStamp(expression: string, unit: TimeUnit): string {
	const perSecond = UNITS[unit];
	// Whole numbers stay whole: a double holds no nanoseconds.
	const whole = `try_cast(trim(${expression}) AS HUGEINT)`;
	const micros =
		perSecond >= 1e6
			? `coalesce(${whole} // ${perSecond / 1e6}, round(${numberOf(expression)} / ${perSecond / 1e6})::HUGEINT)`
			: `round(${numberOf(expression)} * ${1e6 / perSecond})::HUGEINT`;
	const inRange = `${numberOf(expression)} >= 0 AND ${numberOf(expression)} < ${LAST_SECOND * perSecond}`;
	return `CASE WHEN ${inRange} THEN make_timestamp((${micros})::BIGINT) END`;
}

/** Days as spreadsheets count them (43101 is 1 January 2018), with the time of day as their fraction. */
export function serialDayStamp(expression: string): string {
	const days = numberOf(expression);
	return `CASE WHEN ${days} BETWEEN ${SERIAL_DAYS.first} AND ${SERIAL_DAYS.last}
		THEN make_timestamp((round((${days} - 25569) * 86400) * 1000000)::BIGINT) END`;
}

/** A moment out of several columns; month and day are 1 and the clock 0 where no column says otherwise. */
export function partsStamp(parts: Readonly<Record<string, string>>): string {
	const whole = (name: string, otherwise: number) =>
		parts[name] === undefined ? String(otherwise) : `try_cast(try_cast(trim(${parts[name]}) AS DOUBLE) AS INTEGER)`;
	const date = `format('{:04d}-{:02d}-{:02d} {:02d}:{:02d}:{:02d}', ${whole("year", 1970)}, ${whole("month", 1)}, ${whole("day", 1)}, ${whole("hour", 0)}, ${whole("minute", 0)}, ${whole("second", 0)})`;
	return isYear(`try_cast(${date} AS TIMESTAMP)`);
}

const TIMES = { order: "NULL::DOUBLE", isOrder: false } as const;

const counted = z.object({ filled: z.number(), understood: z.number() });
const numeric = z.object({
	numbers: z.number(),
	lowest: z.number().nullable(),
	highest: z.number().nullable(),
	dates: z.number(),
});

/**
 * How a column of times is to be read: as `reading` says, or where nobody has said so by what its values can be. Null when it is wholly empty: the source has no times.
 * Numbers too small for times (1, 2, 3) order the events and are no times.
 *
 * @throws AppError BAD_DATA when most values are no times, with the first of them and what to write
 */
export async function readTimes(
	context: ImportContext,
	from: { table: string; fileName: string; column: string },
	value: string,
	reading?: TimeReading,
): Promise<ColumnTimes | null> {
	const { table, fileName, column } = from;
	if (reading !== undefined) return askedTimes(context, table, value, reading);
	// NaN and numbers without end are in no column's range: a row with one is rejected for itself.
	const number = `CASE WHEN isfinite(${numberOf(value)}) THEN ${numberOf(value)} END`;
	const { filled, understood } = await context.db.one(
		counted,
		`SELECT count(*) FILTER (trim(${value}) <> '') AS filled, count(${timestampOf(value)}) AS understood FROM ${table}`,
	);
	if (filled === 0) return null;
	if (2 * understood > filled) return { stamp: timestampOf(value), ...TIMES, note: null };
	const { numbers, lowest, highest, dates } = await context.db.one(
		numeric,
		`SELECT count(${number}) AS numbers, min(${number}) AS lowest, max(${number}) AS highest,
			count(*) FILTER (regexp_full_match(trim(${value}), '(19|20)\\d{6}(\\.0)?')
				AND try_strptime(left(trim(${value}), 8), '%Y%m%d') IS NOT NULL) AS dates
		FROM ${table}`,
	);
	if (dates === filled) {
		return {
			stamp: `try_strptime(left(trim(${value}), 8), '%Y%m%d')`,
			...TIMES,
			note: `the numbers in ${column} are read as dates (year, month, day)`,
		};
	}
	const isSerial = lowest !== null && highest !== null && lowest >= SERIAL_DAYS.first && highest <= SERIAL_DAYS.last;
	if (numbers === filled && !isSerial && highest !== null && highest < FIRST_SECOND && lowest !== null && lowest >= 0) {
		return {
			stamp: "NULL::TIMESTAMP",
			order: number,
			isOrder: true,
			note: `the numbers in ${column} are too small for times: they order the events, and there are no times`,
		};
	}
	const values = await firstValues(context, table, value);
	const advice = isSerial
		? `They look like days as a spreadsheet counts them (${await serialExample(context, table, value)}): in a mapping, timestamp: {column: ${column}, format: serial-days}; or format: order if they only order the events.`
		: await patternAdvice(context, table, value, column);
	throw new AppError(
		"BAD_DATA",
		`${fileName}: the values in ${column} are no times that can be told for certain, such as ${values}. ${advice}`,
	);
}

/** A reading that somebody asked for. */
async function askedTimes(
	context: ImportContext,
	table: string,
	value: string,
	reading: TimeReading,
): Promise<ColumnTimes | null> {
	const { filled } = await context.db.one(
		z.object({ filled: z.boolean() }),
		`SELECT coalesce(bool_or(trim(${value}) <> ''), false) AS filled FROM ${table}`,
	);
	if (!filled) return null;
	if (reading === "order") return { stamp: "NULL::TIMESTAMP", order: numberOf(value), isOrder: true, note: null };
	return { stamp: reading(value), ...TIMES, note: null };
}

async function firstValues(context: ImportContext, table: string, value: string): Promise<string> {
	const rows = await context.db.all(
		z.object({ value: z.string() }),
		`SELECT left(trim(${value}), 40) AS value FROM ${table}
		WHERE trim(${value}) <> '' AND ${timestampOf(value)} IS NULL ORDER BY line LIMIT 3`,
	);
	return rows.map((row) => `"${shownText(row.value)}"`).join(", ");
}

async function serialExample(context: ImportContext, table: string, value: string): Promise<string> {
	const { example } = await context.db.one(
		z.object({ example: z.string() }),
		`SELECT trim(${value}) || ' would be ' || strftime(${serialDayStamp(value)}, '%-d %B %Y') AS example
		FROM ${table} WHERE ${serialDayStamp(value)} IS NOT NULL ORDER BY line LIMIT 1`,
	);
	return shownText(example);
}

/** Which patterns read every value of a column, in words. */
async function patternAdvice(context: ImportContext, table: string, value: string, column: string): Promise<string> {
	const sample = `(SELECT trim(${value}) AS value FROM ${table} WHERE trim(${value}) <> '' ORDER BY line LIMIT 10000)`;
	const counts = PATTERNS.map((pattern) => `count(try_strptime(value, ${text(pattern)}))`).join(", ");
	const { rows, read } = await context.db.one(
		z.object({ rows: z.number(), read: z.array(z.number()) }),
		`SELECT count(*) AS rows, [${counts}] AS read FROM ${sample}`,
	);
	const fitting = PATTERNS.filter((_, place) => rows > 0 && read[place] === rows);
	const write = (pattern: string) => `timestamp: {column: ${column}, format: "${pattern}"}`;
	if (fitting.length === 0) {
		return `Import with a mapping that says how to read them: timestamp: {column: ${column}, format: …} takes a strptime pattern, ${TIME_UNITS.join(", ")}, serial-days or order.`;
	}
	const [first = "", second] = fitting;
	return second === undefined
		? `In a mapping, ${write(first)} reads all of them.`
		: `In a mapping, ${write(first)} reads all of them, and so does "${second}": only you can tell which is meant.`;
}
