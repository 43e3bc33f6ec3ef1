import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@atelier/core";
import { z } from "zod";
import { column, text } from "../sql";
import { adviceFor } from "./advice";
import { decoded } from "./encoding";
import { addFile, type ImportContext, warnOfFile } from "./import-context";
import { readJsonRows } from "./json-rows";
import { withLineFeeds } from "./line-ends";
import { readParquetRows } from "./parquet-rows";
import { RecordScanner } from "./record-scanner";
import { RowsFile } from "./rows-file";
import { type SourceFile, unpackedChunks } from "./source-file";
import { isNameless, MAX_RECORD_BYTES, type ReadOptions, rulesFor, shownNames } from "./table-header";

/** A source file inside DuckDB, all columns as text, each row with the line it began on. */
export interface RawTable {
	file: number;
	fileName: string;
	/** SQL name; its first column is `line`. */
	table: string;
	columns: string[];
	/** SQL for a column's text; null where it is empty. A list of plain values is joined by commas, an object is none. */
	value(name: string): string;
	/** SQL for a column's text as an id: null where it is a list, an object, true, false or a fraction. */
	key(name: string): string;
	/** SQL that is true where there is something, but nothing that {@link key} takes. */
	isUnfitKey(name: string): string;
	/** SQL that is true where a value was left out of {@link value}, since it is nested. */
	isNested(name: string): string;
	/** SQL for what was nested, as JSON. */
	json(name: string): string;
}

/** Bytes that JSON allows nowhere unescaped and text files do not use. */
const UNIT_SEPARATOR = "\\x1f";
/** Reads a file of any kind into DuckDB; rows that cannot be read go to the quarantine. */
export async function readRawTable(
	context: ImportContext,
	source: SourceFile,
	options: ReadOptions = {},
): Promise<RawTable> {
	const file = addFile(context, source);
	const table = `raw_${file}`;
	if (source.kind === "parquet") return readParquetRows(context, source, file, table);
	const rowsPath = join(context.folder, `${table}.rows`);
	const header = await scanToRows(context, source, file, rowsPath, options);
	const columns = header ?? [options.lineColumn ?? "text"];
	const types = columns.map((name) => `${text(name)}: 'VARCHAR'`).join(", ");
	await context.db.run(`CREATE TABLE ${table} AS SELECT * FROM read_csv(${text(rowsPath)}, header = false,
		auto_detect = false, delim = e'${UNIT_SEPARATOR}', quote = '', escape = '', nullstr = '',
		max_line_size = ${4 * MAX_RECORD_BYTES}, columns = {'line': 'BIGINT', ${types}})`);
	await rm(rowsPath);
	if (source.kind === "jsonl") {
		const raw = await readJsonRows(context, source, file, table, columns[0] ?? "text");
		await refuseWithoutRows(context, source, file, raw.table);
		return raw;
	}
	await refuseWithoutRows(context, source, file, table);
	const named = columns.filter((name) => !isNameless(name));
	const struct = named.map((name) => `${column(name)} := ${column(name)}`).join(", ");
	const rowText = header === null ? column(columns[0] ?? "text") : `to_json(struct_pack(${struct}))::VARCHAR`;
	context.rowTexts[file] = `SELECT line, left(${rowText}, 300) AS row FROM ${table}`;
	const nameless = columns.length - named.length;
	if (nameless > 0) {
		await warnOfFile(
			context,
			file,
			`${nameless === 1 ? "a column has" : `${nameless} columns have`} no name and ${nameless === 1 ? "is" : "are"} left out`,
		);
	}
	return { file, fileName: source.name, table, columns: named, ...plainText(column) };
}

/** Access to columns that hold plain text. */
export function plainText(value: (name: string) => string) {
	return { value, key: value, json: value, isUnfitKey: () => "false", isNested: () => "false" };
}

/**
 * Where no row of a file can be read, the reason is in its rows, and not in what a later check would say.
 * @throws AppError BAD_DATA
 */
async function refuseWithoutRows(
	context: ImportContext,
	source: SourceFile,
	file: number,
	table: string,
): Promise<void> {
	const { db } = context;
	const [row] = await db.all(z.object({ line: z.number() }), `SELECT line FROM ${table} LIMIT 1`);
	if (row !== undefined) return;
	const [first] = await db.all(
		z.object({ reason: z.string(), line: z.number(), rejected: z.number() }),
		`SELECT arg_min(reason, line) AS reason, min(line) AS line, count(*) AS rejected FROM quarantine WHERE file = ${file} HAVING count(*) > 0`,
	);
	if (first === undefined) return;
	throw new AppError(
		"BAD_DATA",
		`${source.name}: none of its ${first.rejected} rows can be read. Line ${first.line}: ${first.reason}.${adviceFor(first.reason)}`,
	);
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
	const rows = new RowsFile(rowsPath, source, options.names);
	let done = 0;
	const onBytes = (count: number) => {
		done += count;
		context.report({ step: `reading ${source.name}`, done, total: source.sizeBytes, unit: "bytes" });
	};
	const hasHeader = source.kind === "csv" || source.kind === "tsv";
	try {
		let scanner: RecordScanner | null = null;
		const bytes = unpackedChunks(source, onBytes, context.signal);
		for await (const chunk of withLineFeeds(
			decoded(bytes, source.name, options.encoding ?? context.encoding ?? source.encoding),
		)) {
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
