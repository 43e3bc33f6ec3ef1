import { z } from "zod";
import { timestampOf } from "../sql";
import { type ImportContext, quarantine } from "./import-context";
import type { RawTable } from "./raw-table";

export interface Check {
	/** Written to the quarantine; the same words for every row of this kind, so that they can be counted. */
	reason: string;
	/** SQL condition over the expressions' names. */
	when: string;
}

type StagedTable = "staged_items" | "staged_interactions" | "staged_exposures";

/**
 * Moves rows from a raw table to a staging table: `expressions` are computed from `from`, then the first check that
 * holds sends the row to the quarantine.
 */
export async function stageRows(
	context: ImportContext,
	raw: RawTable,
	target: StagedTable,
	expressions: Record<string, string>,
	checks: readonly Check[],
	from = raw.table,
): Promise<void> {
	const { db } = context;
	const names = Object.keys(expressions);
	const select = names.map((name) => `${expressions[name]} AS ${name}`).join(", ");
	const reason = `CASE ${checks.map((check) => `WHEN ${check.when} THEN '${check.reason}'`).join(" ")} END`;
	await db.run(`CREATE TABLE checked AS SELECT *, ${reason} AS reason FROM (SELECT line, ${select} FROM ${from})`);
	const wanted = names.filter((name) => !name.startsWith("raw_"));
	await db.run(`INSERT INTO ${target} (file, line, ${wanted.join(", ")})
		SELECT ${raw.file}, line, ${wanted.join(", ")} FROM checked WHERE reason IS NULL`);
	await quarantine(context, raw.file, "SELECT line, reason FROM checked WHERE reason IS NOT NULL");
	if (target === "staged_items") {
		await db.run(
			"INSERT INTO rejected_items SELECT item_key FROM checked WHERE reason IS NOT NULL AND item_key IS NOT NULL",
		);
	}
	await db.run(`INSERT INTO rows_read SELECT ${raw.file}, count(*) FROM checked`);
	await db.run("DROP TABLE checked");
}

/**
 * The timestamp of a column that may be wholly empty: then the source has no times. Where it has some, a row without
 * one has no place in the order and is rejected.
 */
export async function timeColumn(
	context: ImportContext,
	raw: RawTable,
	name: string | null,
	parse: (expression: string) => string = timestampOf,
): Promise<{ stamp: string; raw: string; checks: Check[] }> {
	if (name === null || !raw.columns.includes(name))
		return { stamp: "NULL::TIMESTAMP", raw: "NULL::VARCHAR", checks: [] };
	const value = raw.value(name);
	const { filled } = await context.db.one(
		z.object({ filled: z.boolean() }),
		`SELECT coalesce(bool_or(trim(${value}) <> ''), false) AS filled FROM ${raw.table}`,
	);
	if (!filled) return { stamp: "NULL::TIMESTAMP", raw: "NULL::VARCHAR", checks: [] };
	return {
		stamp: parse(value),
		raw: value,
		checks: [
			{ reason: "timestamp is missing", when: "stamp IS NULL AND (raw_stamp IS NULL OR trim(raw_stamp) = '')" },
			{ reason: "timestamp is not understood", when: "stamp IS NULL" },
		],
	};
}
