import type { DuckDb } from "../duckdb";
import { text } from "../sql";
import type { ImportProgress } from "./request";
import type { SourceFile } from "./source-file";

/** What one import works with; everything lies in `folder`, which is gone afterwards. */
export interface ImportContext {
	db: DuckDb;
	folder: string;
	signal: AbortSignal | undefined;
	/** Encoding of all text files, where the request names one. */
	encoding: string | undefined;
	report(progress: ImportProgress): void;
	/** Files in the order they were read; a file's index is its id in the staging tables. */
	files: SourceFile[];
	/** File id → SQL that gives `line` and `row` (its text, for the quarantine) of every row that was read. */
	rowTexts: string[];
}

/** What a format has to say once its rows are staged. */
export interface StagedFacts {
	/** True where there is an item file: an interaction with an item that is not in it is then rejected. */
	hasItemFile: boolean;
	queriesDerived: boolean;
}

/** Tables that every format fills; from there on all formats are alike. */
export async function createStagingTables(db: DuckDb): Promise<void> {
	// Rows carry their file and line, so the tables between need no order of their own, and loading runs in parallel.
	await db.run("SET preserve_insertion_order = false");
	// `search` on an item is the query derived for its purchases.
	await db.run(`CREATE TABLE staged_items (
		file INTEGER, line BIGINT, item_key VARCHAR, title VARCHAR, attributes VARCHAR, family VARCHAR, price DOUBLE,
		launched_at TIMESTAMP, search VARCHAR)`);
	// `query` on a click or purchase is the search that led to it, searched at `query_at`. `place` orders events that have
	// no times.
	await db.run(`CREATE TABLE staged_interactions (
		file INTEGER, line BIGINT, part BIGINT, user_key VARCHAR, action VARCHAR, item_key VARCHAR, query VARCHAR,
		query_at TIMESTAMP, stamp TIMESTAMP, place DOUBLE)`);
	await db.run(`CREATE TABLE staged_exposures (
		file INTEGER, line BIGINT, query VARCHAR, item_key VARCHAR, position INTEGER, stamp TIMESTAMP, user_key VARCHAR)`);
	await db.run("CREATE TABLE rejected_items (item_key VARCHAR)");
	await db.run("CREATE TABLE rows_read (file INTEGER, rows BIGINT)");
	await db.run("CREATE TABLE quarantine (file INTEGER, line BIGINT, reason VARCHAR, row VARCHAR)");
	await db.run("CREATE TABLE warnings (file INTEGER, line BIGINT, reason VARCHAR, row VARCHAR)");
}

/** Registers a file; returns its id. */
export function addFile(context: ImportContext, file: SourceFile): number {
	context.files.push(file);
	return context.files.length - 1;
}

/** Puts rows of `selection` (columns `line`, `reason`) into the quarantine with the text of their row. */
export async function quarantine(context: ImportContext, file: number, selection: string): Promise<void> {
	await insertWithText(context, "quarantine", file, selection);
}

/** The same for rows that were kept although something in them was not. */
export async function warn(context: ImportContext, file: number, selection: string): Promise<void> {
	await insertWithText(context, "warnings", file, selection);
}

/** Something about a whole file that a person should know. */
export async function warnOfFile(context: ImportContext, file: number, reason: string): Promise<void> {
	await context.db.run(`INSERT INTO warnings VALUES (${file}, 1, ${text(reason)}, '')`);
}

async function insertWithText(context: ImportContext, table: string, file: number, selection: string): Promise<void> {
	const rowText = context.rowTexts[file];
	await context.db.run(`INSERT INTO ${table}
		SELECT ${file}, bad.line, bad.reason, source.row
		FROM (${selection}) bad LEFT JOIN (${rowText ?? `SELECT NULL::BIGINT AS line, ${text("")} AS row`}) source USING (line)`);
}
