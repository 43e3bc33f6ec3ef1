import { AppError } from "@atelier/core";
import { type Database, Prisma } from "@atelier/db";
import { z } from "zod";
import { castTo, fieldValue, type RunField, runField } from "./run-field";
import { FROM_RUNS } from "./run-filter";

export const runSort = z.object({ by: z.string().max(200), descending: z.boolean() });
export type RunSort = z.infer<typeof runSort>;

const NEWEST_FIRST: RunSort = { by: "created", descending: true };

/** Where a page ended: the last run and its value, null among the runs that have none, which come last either way. */
const cursor = z.object({ value: z.string().nullable(), id: z.string() });
type Cursor = z.infer<typeof cursor>;

export interface OrderedPage {
	ids: string[];
	nextCursor: string | null;
}

/**
 * One page of the runs that `where` holds of, in order. A page goes on after the last run's value and id, so that runs
 * which come or go meanwhile neither repeat nor hide others.
 */
export async function orderedIds(
	db: Database,
	{
		where,
		sort,
		after,
		limit,
	}: { where: Prisma.Sql; sort?: RunSort | null | undefined; after: string | null; limit: number },
): Promise<OrderedPage> {
	const { by, descending } = sort ?? NEWEST_FIRST;
	const field = runField(by);
	const from = after === null ? null : readCursor(after);
	const ask = (part: Prisma.Sql) => db.$queryRaw<Cursor[]>(part);
	const rows = from?.value === null ? [] : await ask(withValue(field, where, descending, from, limit));
	if (rows.length < limit) {
		const rest = limit - rows.length;
		rows.push(...(await ask(withoutValue(field, where, descending, from?.value === null ? from : null, rest))));
	}
	const last = rows.at(-1);
	return {
		ids: rows.map(({ id }) => id),
		nextCursor: last !== undefined && rows.length === limit ? writeCursor(last) : null,
	};
}

/** Runs that have a value. A metric's are read from its index, in order, as far as the page needs. */
export function withValue(
	field: RunField,
	where: Prisma.Sql,
	descending: boolean,
	from: Cursor | null,
	limit: number,
): Prisma.Sql {
	const way = descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
	const beyond = descending ? Prisma.sql`<` : Prisma.sql`>`;
	const [source, key] = keyed(field);
	const later =
		from === null || from.value === null
			? Prisma.sql`true`
			: Prisma.sql`(${key}, run.id) ${beyond} (${castTo(field.type, from.value)}, ${from.id})`;
	return Prisma.sql`SELECT run.id, ${key}::text AS value FROM ${FROM_RUNS} ${source}
		WHERE ${key} IS NOT NULL AND ${later} AND ${where}
		ORDER BY ${key} ${way}, run.id ${way} LIMIT ${limit}`;
}

/** Where the key comes from, and its name. A configuration is fetched once for each run. */
function keyed(field: RunField): [source: Prisma.Sql, key: Prisma.Sql] {
	switch (field.of) {
		case "run":
			return [Prisma.empty, field.sql];
		case "metric":
			return [
				Prisma.sql`JOIN metric AS sorted ON sorted.run_id = run.id AND sorted.name = ${field.metric}
					AND sorted.slice = ${field.slice}`,
				Prisma.sql`sorted.value`,
			];
		case "config":
			return [
				Prisma.sql`CROSS JOIN LATERAL (SELECT ${fieldValue(field)} AS value OFFSET 0) AS sorted`,
				Prisma.sql`sorted.value`,
			];
	}
}

function withoutValue(field: RunField, where: Prisma.Sql, descending: boolean, from: Cursor | null, limit: number) {
	const way = descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
	const beyond = descending ? Prisma.sql`<` : Prisma.sql`>`;
	const later = from === null ? Prisma.sql`true` : Prisma.sql`run.id ${beyond} ${from.id}`;
	return Prisma.sql`SELECT run.id, NULL::text AS value FROM ${FROM_RUNS}
		WHERE ${fieldValue(field)} IS NULL AND ${later} AND ${where} ORDER BY run.id ${way} LIMIT ${limit}`;
}

const writeCursor = (last: Cursor) => Buffer.from(JSON.stringify(last)).toString("base64url");

function readCursor(text: string): Cursor {
	try {
		return cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
	} catch (error) {
		throw new AppError("BAD_REQUEST", "The cursor is none of this list: ask for its first page again.", {
			cause: error,
		});
	}
}
