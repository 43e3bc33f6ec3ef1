import { once } from "node:events";
import { createWriteStream, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { finished, pipeline } from "node:stream/promises";
import { AppError, messageOf } from "@atelier/core";
import { z } from "zod";
import { column, text } from "../sql";
import { addFile, type ImportContext } from "./import-context";
import { RecordScanner, type RejectedRecord, type ScanRules } from "./record-scanner";
import { type SourceFile, unpackedChunks } from "./source-file";

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

export interface ReadOptions {
	/** Field separator of a `csv`; taken from the header line when absent. */
	delimiter?: string;
	/** Whether fields may be quoted; true for `csv`, false for `tsv` unless said. */
	quotes?: boolean;
	/** For `lines`: the name given to the one column. */
	lineColumn?: string;
}

/** Longer lines are rejected. The longest of Amazon's metadata, with all its images, stay below half of this. */
export const MAX_RECORD_BYTES = 1 << 20;

/** Bytes that JSON allows nowhere unescaped and text files do not use. */
const UNIT_SEPARATOR = "\\x1f";
const KEYS_SAMPLED = 10_000;

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
			`Columns found: ${raw.columns.join(", ")}. Columns wanted: ${wanted.join(", ")}.`,
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
	const out = createWriteStream(rowsPath, { highWaterMark: 1 << 22 });
	const rejectsPath = `${rowsPath}.rejects`;
	let rejects: RejectedRecord[] = [];
	let rejected = 0;
	const saveRejects = () => {
		if (rejects.length === 0) return;
		writeFileSync(rejectsPath, `${rejects.map((record) => JSON.stringify(record)).join("\n")}\n`, { flag: "a" });
		rejects = [];
	};
	let header: string[] | null = null;
	const sink = {
		header(fields: string[]): number {
			header = headerNames(source, fields);
			return fields.length;
		},
		async write(block: Buffer): Promise<void> {
			if (!out.write(block)) await once(out, "drain");
		},
		reject(record: RejectedRecord): void {
			rejected++;
			rejects.push(record);
			if (rejects.length >= 1000) saveRejects();
		},
	};
	let done = 0;
	const onBytes = (count: number) => {
		done += count;
		context.report({ step: `reading ${source.name}`, done, total: source.sizeBytes, unit: "bytes" });
	};
	try {
		let scanner: RecordScanner | null = null;
		for await (const chunk of unpackedChunks(source, onBytes, context.signal)) {
			scanner ??= new RecordScanner(rulesFor(source, options, chunk), sink);
			await scanner.push(chunk);
		}
		await scanner?.end();
		if (scanner === null || (source.kind !== "jsonl" && source.kind !== "lines" && header === null)) {
			throw new AppError("BAD_DATA", `${source.name} is empty.`);
		}
	} catch (error) {
		if (error instanceof AppError && error.message.startsWith("its header")) {
			throw new AppError("BAD_DATA", `${source.name}: ${error.message}.`, { cause: error });
		}
		throw error;
	} finally {
		out.end();
		await finished(out).catch(() => undefined);
	}
	saveRejects();
	if (rejected > 0) {
		await context.db.run(`INSERT INTO quarantine SELECT ${file}, line, reason, row FROM read_json(${text(rejectsPath)},
			format = 'newline_delimited', columns = {line: 'BIGINT', reason: 'VARCHAR', row: 'VARCHAR'})`);
		await context.db.run(`INSERT INTO rows_read VALUES (${file}, ${rejected})`);
	}
	return header;
}

function rulesFor(source: SourceFile, options: ReadOptions, firstChunk: Buffer): ScanRules {
	if (source.kind === "jsonl" || source.kind === "lines") {
		if (source.kind === "jsonl") refuseOtherThanObjects(source, firstChunk);
		return { delimiter: null, quotes: false, maxRecordBytes: MAX_RECORD_BYTES };
	}
	const delimiter = options.delimiter ?? (source.kind === "tsv" ? "\t" : likeliestDelimiter(firstChunk));
	const quotes = options.quotes ?? source.kind === "csv";
	return { delimiter: delimiter.charCodeAt(0), quotes, maxRecordBytes: MAX_RECORD_BYTES };
}

/** The separator that stands most often in the header line. */
function likeliestDelimiter(firstChunk: Buffer): string {
	const lineEnd = firstChunk.indexOf(10);
	const line = firstChunk.toString("utf8", 0, lineEnd === -1 ? firstChunk.length : lineEnd);
	const counts = [",", "\t", ";", "|"].map((mark) => ({ mark, count: line.split(mark).length - 1 }));
	return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

function refuseOtherThanObjects(source: SourceFile, firstChunk: Buffer): void {
	const start = firstChunk
		.toString("utf8", 0, 200)
		.replace(/^\uFEFF/, "")
		.trimStart();
	if (start === "" || start.startsWith("{")) return;
	const found = start.startsWith("[") ? "a JSON array" : `text that begins "${start.slice(0, 40)}"`;
	throw new AppError("BAD_DATA", `${source.name} should hold one JSON object per line; it is ${found}.`);
}

function headerNames(source: SourceFile, fields: string[]): string[] {
	const names = fields.map((field) => field.trim());
	const first = names[0] ?? "";
	if (first.startsWith("{") || first.startsWith("[")) {
		throw new AppError("BAD_DATA", `${source.name} is JSON, not ${source.kind}: name it .jsonl (one object per line).`);
	}
	const empty = names.indexOf("");
	if (empty !== -1) throw new AppError("BAD_DATA", `${source.name}: column ${empty + 1} of the header has no name.`);
	const seen = new Set<string>();
	for (const name of names) {
		// DuckDB's names ignore case.
		if (seen.has(name.toLowerCase())) throw new AppError("BAD_DATA", `${source.name} names column "${name}" twice.`);
		seen.add(name.toLowerCase());
	}
	if (seen.has("line")) {
		throw new AppError(
			"BAD_DATA",
			`${source.name} has a column named "line", which is kept for line numbers: rename it.`,
		);
	}
	return names;
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
		`SELECT key FROM (SELECT unnest(json_keys(${json})) AS key, line FROM (SELECT * FROM ${table} LIMIT ${KEYS_SAMPLED}))
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
