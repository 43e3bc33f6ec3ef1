import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError, messageOf } from "@atelier/core";
import { z } from "zod";
import { column, text } from "../sql";
import type { ImportContext } from "./import-context";
import type { RawTable } from "./raw-table";
import { type SourceFile, unpackedChunks } from "./source-file";
import { MAX_COLUMNS } from "./table-header";

/** Reads a Parquet file; its types say what is nested and what may be an id. */
export async function readParquetRows(
	context: ImportContext,
	source: SourceFile,
	file: number,
	table: string,
): Promise<RawTable> {
	let path = source.path;
	if (source.gzip) {
		path = join(context.folder, `${table}.parquet`);
		await pipeline(
			unpackedChunks(source, () => undefined, context.signal),
			createWriteStream(path),
		);
	}
	const { db } = context;
	try {
		const described = await db.all(
			z.object({ column_name: z.string(), column_type: z.string() }),
			`DESCRIBE SELECT * FROM read_parquet(${text(path)})`,
		);
		if (described.length > MAX_COLUMNS)
			throw new Error(`it has ${described.length} columns, at most ${MAX_COLUMNS} are read`);
		const typeOf = new Map(described.map((row) => [row.column_name, row.column_type]));
		const columns = [...typeOf.keys()];
		const casts = columns
			.map((name) => `${textOf(column(name), typeOf.get(name) ?? "")} AS ${column(name)}`)
			.join(", ");
		await db.run(`CREATE TABLE ${table} AS SELECT file_row_number + 1 AS line, ${casts}
			FROM read_parquet(${text(path)}, file_row_number = true)`);
		const struct = columns.map((name) => `${column(name)} := ${column(name)}`).join(", ");
		context.rowTexts[file] = `SELECT line, left(to_json(struct_pack(${struct}))::VARCHAR, 300) AS row FROM ${table}`;
		const isDeep = (name: string) => isNestedType(typeOf.get(name) ?? "");
		const isUnfit = (name: string) => isDeep(name) || /\[|^BOOLEAN$/.test(typeOf.get(name) ?? "");
		const isFraction = (name: string) => /^(DOUBLE|FLOAT)$/.test(typeOf.get(name) ?? "");
		const filled = (name: string) => `nullif(${column(name)}, '')`;
		const whole = (name: string) => `regexp_full_match(${column(name)}, '-?\\d+')`;
		return {
			file,
			fileName: source.name,
			table,
			columns,
			value: (name) => (isDeep(name) ? "NULL::VARCHAR" : filled(name)),
			key: (name) => {
				if (isUnfit(name)) return "NULL::VARCHAR";
				return isFraction(name) ? `CASE WHEN ${whole(name)} THEN ${column(name)} END` : filled(name);
			},
			isUnfitKey: (name) => {
				if (isUnfit(name)) return `${column(name)} IS NOT NULL`;
				return isFraction(name) ? `coalesce(NOT ${whole(name)}, false)` : "false";
			},
			isNested: (name) => (isDeep(name) ? `${column(name)} IS NOT NULL` : "false"),
			json: column,
		};
	} catch (error) {
		if (context.signal?.aborted) throw error;
		throw new AppError("BAD_DATA", `${source.name} is not a readable Parquet file: ${messageOf(error)}`, {
			cause: error,
		});
	}
}

/** Lists of lists, of structs and maps; a list of plain values is none. */
export function isNestedType(type: string): boolean {
	return /^(STRUCT|MAP|UNION)\b/.test(type) || /\[\d*\]\[\d*\]$/.test(type);
}

/** SQL for a column's text. Whole numbers in a column of fractions, which one missing value makes of ids, stay whole. */
export function textOf(value: string, type: string): string {
	if (isNestedType(type)) return `to_json(${value})::VARCHAR`;
	if (/\[\d*\]$/.test(type)) return `array_to_string(${value}::VARCHAR[], ', ')`;
	if (type === "BLOB") return `TRY(decode(${value}))`;
	if (type !== "DOUBLE" && type !== "FLOAT") return `${value}::VARCHAR`;
	return `CASE WHEN isnan(${value}) THEN NULL
		WHEN isfinite(${value}) AND ${value} = trunc(${value}) AND abs(${value}) < 9007199254740992 THEN ${value}::BIGINT::VARCHAR
		ELSE ${value}::VARCHAR END`;
}
