import { AppError } from "@atelier/core";
import { z } from "zod";
import type { ImportContext } from "../../import/import-context";
import type { RawTable } from "../../import/raw-table";
import { column, text } from "../../sql";

/** Name of the column that numbers an exploded row's elements, from 1. */
export const PLACE = "exploded_place";
/** Name of the column that tells whether a list was shorter than the first one. */
export const RAGGED = "exploded_ragged";

/**
 * SQL for the rows that come out when list columns are taken apart: the n-th elements of all lists make the n-th row.
 * A row whose first list is empty stays one row, without elements.
 */
export function explodedRows(raw: RawTable, separator: string, columns: readonly string[]): string {
	const lists = columns.map((name, index) => `string_split(${column(name)}, ${text(separator)}) AS exploded_${index}`);
	const dropped = columns.flatMap((name, index) => [column(name), `exploded_${index}`]);
	const elements = columns.map((name, index) => `exploded_${index}[${PLACE}] AS ${column(name)}`);
	const shorter = columns.slice(1).map((_, index) => `coalesce(len(exploded_${index + 1}), 0) < len(exploded_0)`);
	const ragged = shorter.length === 0 ? "false" : `coalesce(${shorter.join(" OR ")}, false)`;
	return `(SELECT * EXCLUDE (${dropped.join(", ")}), ${elements.join(", ")}, ${ragged} AS ${RAGGED}
		FROM (SELECT *, unnest(generate_series(1, greatest(coalesce(len(exploded_0), 0), 1))) AS ${PLACE}
			FROM (SELECT *, ${lists.join(", ")} FROM ${raw.table})))`;
}

/** @throws AppError BAD_REQUEST where a file's columns cannot be taken apart. */
export async function refuseJsonLists(context: ImportContext, raw: RawTable): Promise<void> {
	const described = await context.db.all(z.object({ column_name: z.string() }), `DESCRIBE ${raw.table}`);
	const stored = described.map((row) => row.column_name);
	if (raw.columns.every((name) => stored.includes(name))) return;
	throw new AppError("BAD_REQUEST", `${raw.fileName}: explode works on CSV, TSV and Parquet, not on JSONL.`);
}
