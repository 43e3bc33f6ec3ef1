import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError, messageOf } from "@atelier/core";
import { z } from "zod";
import { column, text } from "../sql";
import { addFile, type ImportContext } from "./import-context";
import { RecordScanner } from "./record-scanner";
import { RowsFile } from "./rows-file";
import { type SourceFile, unpackedChunks } from "./source-file";
import { MAX_RECORD_BYTES, type ReadOptions, rulesFor, shownNames } from "./table-header";

/** A source file inside DuckDB, all columns as text, each row with the line it began on. */
export interface RawTable {
	file: number;
	fileName: string;
	/** SQL name; its first column is `line`. */
	table: string;
	columns: string[];
	/** SQL for a column's text; null text where it is empty. */
	value(name: string): string;
}

/** Bytes that JSON allows nowhere unescaped and text files do not use. */
const UNIT_SEPARATOR = "\\x1f";
/** Lines whose keys count as the columns of a JSONL file. */
const LINES_SAMPLED = 10_000;

/** Reads a file of any kind into DuckDB; rows that cannot be read go to the quarantine. */
export async function readRawTable(
	context: ImportContext,
	source: SourceFile,
	options: ReadOptions = {},
): Promise<RawTable> {
	const file = addFile(context, source);
	const table = `raw_${file}`;
	if (source.kind === "parquet") return readParquet(context, source, file, table);
	const rowsPath = join(context.folder, `${table}.rows`);
	const header = await scanToRows(context, source, file, rowsPath, options);
	const columns = header ?? [options.lineColumn ?? "text"];
	const types = columns.map((name) => `${text(name)}: 'VARCHAR'`).join(", ");
	await context.db.run(`CREATE TABLE ${table} AS SELECT * FROM read_csv(${text(rowsPath)}, header = false,
		auto_detect = false, delim = e'${UNIT_SEPARATOR}', quote = '', escape = '', nullstr = '',
		max_line_size = ${4 * MAX_RECORD_BYTES}, columns = {'line': 'BIGINT', ${types}})`);
	await rm(rowsPath);
	if (source.kind === "jsonl") return readJson(context, source, file, table, columns[0] ?? "text");
	const struct = columns.map((name) => `${column(name)} := ${column(name)}`).join(", ");
	const rowText = header === null ? column(columns[0] ?? "text") : `to_json(struct_pack(${struct}))::VARCHAR`;
	context.rowTexts[file] = `SELECT line, left(${rowText}, 300) AS row FROM ${table}`;
	return { file, fileName: source.name, table, columns, value: column };
}

/** @throws AppError BAD_DATA naming the columns that are wanted and those that are there. */
export function requireColumns(raw: RawTable, wanted: readonly string[]): void {
	const missing = wanted.filter((name) => !raw.columns.includes(name));
	if (missing.length === 0) return;
	throw new AppError(
		"BAD_DATA",
		`${raw.fileName} has no column ${missing.map((name) => `"${name}"`).join(", ")}. ` +
			`Columns found: ${shownNames(raw.columns)}. Columns wanted: ${wanted.join(", ")}.`,
	);
}

/** Writes the records for DuckDB; returns the header's names, or null for a file without one. */
async function scanToRows(
	context: ImportContext,
	source: SourceFile,
	file: number,
	rowsPath: string,
	options: ReadOptions,
): Promise<string[] | null> {
	const rows = new RowsFile(rowsPath, source);
	let done = 0;
	const onBytes = (count: number) => {
		done += count;
		context.report({ step: `reading ${source.name}`, done, total: source.sizeBytes, unit: "bytes" });
	};
	const hasHeader = source.kind === "csv" || source.kind === "tsv";
	try {
		let scanner: RecordScanner | null = null;
		for await (const chunk of unpackedChunks(source, onBytes, context.signal)) {
			scanner ??= new RecordScanner(rulesFor(source, options, chunk), rows);
			await scanner.push(chunk);
		}
		await scanner?.end();
		if (scanner === null || (hasHeader && rows.names === null))
			throw new AppError("BAD_DATA", `${source.name} is empty.`);
		await rows.finish();
	} finally {
		rows.abandon();
	}
	if (rows.rejected > 0) {
		await context.db.run(`INSERT INTO quarantine SELECT ${file}, line, reason, row FROM read_json(${text(rows.rejectsPath)},
			format = 'newline_delimited', columns = {line: 'BIGINT', reason: 'VARCHAR', row: 'VARCHAR'})`);
		await context.db.run(`INSERT INTO rows_read VALUES (${file}, ${rows.rejected})`);
	}
	return rows.names;
}

async function readJson(
	context: ImportContext,
	source: SourceFile,
	file: number,
	table: string,
	only: string,
): Promise<RawTable> {
	const json = column(only);
	context.rowTexts[file] = `SELECT line, left(${json}, 300) AS row FROM ${table}`;
	const isObject = `json_valid(${json}) AND json_type(CASE WHEN json_valid(${json}) THEN ${json} END) = 'OBJECT'`;
	const broken = `SELECT line, 'not a JSON object' AS reason, left(${json}, 300) AS row FROM ${table} WHERE NOT coalesce(${isObject}, false)`;
	await context.db.run(`INSERT INTO quarantine SELECT ${file}, line, reason, row FROM (${broken})`);
	await context.db.run(`INSERT INTO rows_read SELECT ${file}, count(*) FROM (${broken})`);
	await context.db.run(`DELETE FROM ${table} WHERE line IN (SELECT line FROM (${broken}))`);
	const keys = await context.db.all(
		z.object({ key: z.string() }),
		`SELECT key FROM (SELECT unnest(json_keys(${json})) AS key, line FROM ${table} WHERE line <= ${LINES_SAMPLED})
			GROUP BY key ORDER BY min(line), key`,
	);
	const value = (name: string) => {
		const pointer = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
		return `nullif(json_extract_string(${json}, ${text(pointer)}), '')`;
	};
	return { file, fileName: source.name, table, columns: keys.map(({ key }) => key), value };
}

async function readParquet(context: ImportContext, source: SourceFile, file: number, table: string): Promise<RawTable> {
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
		const names = await db.all(
			z.object({ column_name: z.string() }),
			`DESCRIBE SELECT * FROM read_parquet(${text(path)})`,
		);
		const columns = names.map((row) => row.column_name);
		const casts = columns.map((name) => `${column(name)}::VARCHAR AS ${column(name)}`).join(", ");
		await db.run(`CREATE TABLE ${table} AS SELECT file_row_number + 1 AS line, ${casts}
			FROM read_parquet(${text(path)}, file_row_number = true)`);
		const struct = columns.map((name) => `${column(name)} := ${column(name)}`).join(", ");
		context.rowTexts[file] = `SELECT line, left(to_json(struct_pack(${struct}))::VARCHAR, 300) AS row FROM ${table}`;
		return { file, fileName: source.name, table, columns, value: (name) => `nullif(${column(name)}, '')` };
	} catch (error) {
		if (context.signal?.aborted) throw error;
		throw new AppError("BAD_DATA", `${source.name} is not a readable Parquet file: ${messageOf(error)}`, {
			cause: error,
		});
	}
}
