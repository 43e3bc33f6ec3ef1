import type { ImportContext } from "./import-context";
import { quarantine, warn, warnOfFile } from "./import-context";
import type { RawTable } from "./raw-table";
import { readTimes, type TimeReading } from "./times";

export interface Check {
	/** Written to the quarantine or the warnings; the same words for every row of this kind, so that they can be counted. */
	reason: string;
	/** SQL condition over the expressions' names. */
	when: string;
}

type StagedTable = "staged_items" | "staged_interactions" | "staged_exposures";

export interface StagingRules {
	/** The first that holds sends the row to the quarantine. */
	checks: readonly Check[];
	/** What was left empty in a row that is kept: every one that holds is counted. */
	warnings?: readonly Check[];
	/** SQL for the rows, where they are not the raw table's as they are. */
	from?: string;
}

/**
 * Moves rows from a raw table to a staging table: `expressions` are computed, those whose names begin with `raw_` for the
 * checks alone.
 */
export async function stageRows(
	context: ImportContext,
	raw: RawTable,
	target: StagedTable,
	expressions: Record<string, string>,
	{ checks, warnings = [], from = raw.table }: StagingRules,
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
	for (const { reason: words, when } of warnings) {
		await warn(context, raw.file, `SELECT line, '${words}' AS reason FROM checked WHERE reason IS NULL AND ${when}`);
	}
	if (target === "staged_items") {
		await db.run(
			"INSERT INTO rejected_items SELECT item_key FROM checked WHERE reason IS NOT NULL AND item_key IS NOT NULL",
		);
	}
	await db.run(`INSERT INTO rows_read SELECT ${raw.file}, count(*) FROM checked`);
	await db.run("DROP TABLE checked");
}

export interface StagedTime {
	stamp: string;
	/** The column's text, to tell a missing time from one that is not understood. */
	raw: string;
	/** SQL for a number that orders events which have no times. */
	order: string;
	checks: Check[];
}

const NO_TIME: StagedTime = { stamp: "NULL::TIMESTAMP", raw: "NULL::VARCHAR", order: "NULL::DOUBLE", checks: [] };
const MISSING: Check = {
	reason: "timestamp is missing",
	when: "stamp IS NULL AND (raw_stamp IS NULL OR trim(raw_stamp) = '')",
};

/**
 * The times of a column that may be absent or wholly empty: then the source has no times. Where it has some, a row
 * without one has no place in the order and is rejected. `reading` is how somebody has said that they are to be read.
 *
 * @throws AppError BAD_DATA when most values cannot be told for times
 */
export async function timeColumn(
	context: ImportContext,
	raw: RawTable,
	name: string | null,
	reading?: TimeReading,
): Promise<StagedTime> {
	if (name === null || !raw.columns.includes(name)) return NO_TIME;
	const value = raw.value(name);
	const times = await readTimes(context, { table: raw.table, fileName: raw.fileName, column: name }, value, reading);
	if (times === null) return NO_TIME;
	if (times.note !== null) await warnOfFile(context, raw.file, times.note);
	if (times.isOrder) {
		const numbers = [{ reason: "timestamp is not understood", when: "raw_stamp IS NOT NULL AND place IS NULL" }];
		return { stamp: times.stamp, raw: value, order: times.order, checks: numbers };
	}
	const checks = [MISSING, { reason: "timestamp is not understood", when: "stamp IS NULL" }];
	return { stamp: times.stamp, raw: value, order: times.order, checks };
}
