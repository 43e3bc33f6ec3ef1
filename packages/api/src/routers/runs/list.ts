import { METRIC_NAMES } from "@atelier/core";
import { type Database, Prisma } from "@atelier/db";
import { z } from "zod";
import { fieldValue, runField } from "../../found-runs/run-field";
import { FROM_RUNS, runFilter, whereOf } from "../../found-runs/run-filter";
import { orderedIds, runSort } from "../../found-runs/run-order";
import { runRowSelect, toRunRows } from "../../rows/run-row";
import { procedure } from "../../trpc";

/** Runs are counted up to here: past it nobody needs the number, and everything would have to be read for it. */
export const COUNTED = 10_000;

/** A page of runs, in any order, with the columns that are shown beside what every row says. */
export const list = procedure
	.input(
		runFilter
			.extend({
				/** The newest first where it is not said. */
				sort: runSort.nullish(),
				/** Metrics and parameters that are shown: `metric:cold:recall@10`, `config:fineTune.loraRank`. */
				columns: z.array(z.string().max(200)).max(30).default([]),
				cursor: z.string().nullish(),
				limit: z.int().min(1).max(500).default(100),
			})
			.prefault({}),
	)
	.query(async ({ ctx: { db }, input: { sort, columns, cursor = null, limit, ...filter } }) => {
		const where = await whereOf(db, filter);
		const [{ ids, nextCursor }, found] = await Promise.all([
			orderedIds(db, { where, sort, after: cursor, limit }),
			cursor === null ? countUpTo(db, where, COUNTED) : null,
		]);
		return {
			rows: await rowsOf(db, ids, columns),
			/** Of the first page: how many runs there are. */
			total: found === null ? null : Math.min(found, COUNTED),
			/** Whether there are more than {@link total} says. */
			isMore: found !== null && found > COUNTED,
			nextCursor,
		};
	});

async function countUpTo(db: Database, where: Prisma.Sql, most: number): Promise<number> {
	const [row] = await db.$queryRaw<{ count: number }[]>`
		SELECT count(*)::int AS count FROM (SELECT FROM ${FROM_RUNS} WHERE ${where} LIMIT ${most + 1}) AS found`;
	return row?.count ?? 0;
}

async function rowsOf(db: Database, ids: string[], columns: readonly string[]) {
	const runs = await db.run.findMany({ where: { id: { in: ids } }, select: runRowSelect });
	const byId = new Map(runs.map((run) => [run.id, run]));
	const fields = columns.map(runField);
	const wanted = fields.flatMap((field) => (field.of === "metric" && field.slice === "all" ? [field.metric] : []));
	const ordered = ids.flatMap((id) => byId.get(id) ?? []);
	const [rows, values] = await Promise.all([
		toRunRows(db, ordered, { metrics: [...new Set([...METRIC_NAMES, ...wanted])] }),
		valuesOf(
			db,
			ids,
			columns.filter((_, i) => fields[i]?.of !== "run"),
		),
	]);
	return rows.map((row) => ({ ...row, values: values.get(row.id) ?? {} }));
}

/** A parameter's or metric's value, as JSON has it. */
const value = z.json();
export type ShownValue = z.infer<typeof value>;

async function valuesOf(db: Database, ids: string[], columns: readonly string[]) {
	if (columns.length === 0 || ids.length === 0) return new Map<string, Record<string, ShownValue>>();
	const pairs = columns.map((name) => Prisma.sql`${name}::text, ${fieldValue(runField(name))}`);
	const rows = await db.$queryRaw<{ id: string; values: unknown }[]>`
		SELECT run.id, jsonb_build_object(${Prisma.join(pairs)}) AS values FROM run WHERE run.id = ANY(${ids})`;
	return new Map(rows.map((row) => [row.id, z.record(z.string(), value).parse(row.values)]));
}
