import { AppError, messageOf, type OutsideMapping } from "@atelier/core";
import { z } from "zod";
import type { ImportContext } from "../import/import-context";
import { isNestedType, textOf } from "../import/parquet-rows";
import { readRawTable } from "../import/raw-table";
import type { SourceFile } from "../import/source-file";
import { MAX_COLUMNS, shownNames } from "../import/table-header";
import { column, text } from "../sql";

/** A file of ranks inside DuckDB, each value as text, a list as JSON. */
export interface GivenRows {
	/** SQL name; it has a column `line`. */
	table: string;
	columns: string[];
	/** SQL for a column's text, null where it is empty. */
	value(name: string): string;
}

/** Rows and characters of a cell that a preview shows. */
const PREVIEW = { rows: 5, characters: 120 };

/** @throws AppError BAD_DATA for a file that cannot be read as what its name says */
export async function readGivenRows(context: ImportContext, source: SourceFile): Promise<GivenRows> {
	if (source.kind === "parquet") return readParquet(context, source);
	const raw = await readRawTable(context, source);
	return { table: raw.table, columns: raw.columns, value: (name) => `nullif(trim(${raw.json(name)}), '')` };
}

async function readParquet(context: ImportContext, source: SourceFile): Promise<GivenRows> {
	const from = `read_parquet(${text(source.path)}, file_row_number = true)`;
	if (source.gzip) throw new AppError("BAD_DATA", `${source.name}: a Parquet file is packed already. Unpack the .gz.`);
	try {
		const described = await context.db.all(
			z.object({ column_name: z.string(), column_type: z.string() }),
			`DESCRIBE SELECT * FROM read_parquet(${text(source.path)})`,
		);
		if (described.length > MAX_COLUMNS)
			throw new Error(`it has ${described.length} columns, at most ${MAX_COLUMNS} are read`);
		const cells = described.map(({ column_name, column_type }) => {
			const name = column(column_name);
			const isList = /\[\d*\]$/.test(column_type) && !isNestedType(column_type);
			return `${isList ? `to_json(${name})::VARCHAR` : textOf(name, column_type)} AS ${name}`;
		});
		await context.db.run(`CREATE TABLE raw_0 AS SELECT file_row_number + 1 AS line, ${cells.join(", ")} FROM ${from}`);
		return {
			table: "raw_0",
			columns: described.map((one) => one.column_name),
			value: (name) => `nullif(trim(${column(name)}), '')`,
		};
	} catch (error) {
		if (context.signal?.aborted || (error instanceof AppError && error.code === "INTERNAL")) throw error;
		throw new AppError("BAD_DATA", `${source.name} is not a readable Parquet file: ${messageOf(error)}`, {
			cause: error,
		});
	}
}

/** The first rows of a file, for a person who says what its columns are. */
export async function previewOf({ db }: ImportContext, given: GivenRows): Promise<(string | null)[][]> {
	if (given.columns.length === 0) return [];
	const cells = given.columns.map((name, i) => `left(${given.value(name)}, ${PREVIEW.characters}) AS c${i}`);
	const rows = await db.all(
		z.record(z.string(), z.string().nullable()),
		`SELECT ${cells.join(", ")} FROM ${given.table} ORDER BY line LIMIT ${PREVIEW.rows}`,
	);
	return rows.map((row) => given.columns.map((_, i) => row[`c${i}`] ?? null));
}

/** @throws AppError BAD_REQUEST for a mapping that names a column which is not there */
export function refuseMissingColumns(given: GivenRows, mapping: OutsideMapping, fileName: string): void {
	const { user, items, item, rank, score, groundTruth } = mapping;
	const missing = [user, items, item, rank, score, groundTruth].find(
		(name) => name !== undefined && !given.columns.includes(name),
	);
	if (missing === undefined) return;
	throw new AppError(
		"BAD_REQUEST",
		`${fileName} has no column "${shownNames([missing])}". Columns found: ${shownNames(given.columns)}.`,
	);
}
