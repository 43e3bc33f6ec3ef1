import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, messageOf } from "@atelier/core";
import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { z } from "zod";
import { text } from "../sql";
import { throwIfCancelled } from "./context";

/**
 * One stage's DuckDB: in memory, spilling to a folder beside the outputs that is gone at the end. Rows come out
 * checked by a zod schema, so a Parquet file that is not what the contract says is named, not guessed at.
 */
export class TableStore {
	private constructor(
		private readonly instance: DuckDBInstance,
		/** The first one runs statements; every reader and writer has its own, since one connection holds one result. */
		private readonly connections: [DuckDBConnection, ...DuckDBConnection[]],
		private readonly spillFolder: string,
		private readonly signal: AbortSignal | undefined,
	) {}

	static async open(output: string, options: { signal?: AbortSignal; threads?: number } = {}): Promise<TableStore> {
		const spillFolder = join(output, ".spill");
		await mkdir(spillFolder, { recursive: true });
		const instance = await DuckDBInstance.create(":memory:", {
			memory_limit: "3GB",
			temp_directory: spillFolder,
			...(options.threads === undefined ? {} : { threads: String(options.threads) }),
		});
		const connection = await instance.connect();
		// Times are stored in UTC without a zone; the machine's own zone must not shift them.
		await connection.run("SET GLOBAL TimeZone = 'UTC'");
		const store = new TableStore(instance, [connection], spillFolder, options.signal);
		options.signal?.addEventListener("abort", store.interrupt, { once: true });
		return store;
	}

	/** Runs one statement that returns nothing of interest. */
	async run(statement: string): Promise<void> {
		throwIfCancelled(this.signal);
		await this.guard(() => this.connections[0].run(statement));
	}

	/** All rows of a query that is known to be small. */
	async rows<T>(schema: z.ZodType<T>, query: string): Promise<T[]> {
		throwIfCancelled(this.signal);
		const result = await this.guard(() => this.connections[0].runAndReadAll(query));
		return result.getRowObjectsJS().map((row) => checked(schema, row));
	}

	/** The single row of an aggregate. */
	async row<T>(schema: z.ZodType<T>, query: string): Promise<T> {
		const [row] = await this.rows(schema, query);
		if (row === undefined) throw new AppError("INTERNAL", "An aggregate query returned no row.");
		return row;
	}

	/** Rows of a large query, in batches of about 2,048; only the batch at hand is in memory. */
	async *batches<T>(schema: z.ZodType<T>, query: string): AsyncGenerator<T[]> {
		throwIfCancelled(this.signal);
		const connection = await this.connect();
		const result = await this.guard(() => connection.stream(query));
		const batches = result.yieldRowObjectJs();
		for (;;) {
			throwIfCancelled(this.signal);
			const next = await this.guard(() => batches.next());
			if (next.done) return;
			yield next.value.map((row) => checked(schema, row));
		}
	}

	/** Opens a writer for a table that is there once the writer is closed; values stand in the order of the columns. */
	async writer(table: string, columns: Record<string, ColumnKind>): Promise<RowWriter> {
		const raw = `${table}_raw`;
		const entries = Object.entries(columns);
		await this.run(
			`CREATE TABLE ${raw} (${entries.map(([name, kind]) => `${name} ${COLUMN_KINDS[kind].raw}`).join(", ")})`,
		);
		const connection = await this.connect();
		const appender = await connection.createAppender(raw);
		return new RowWriter(appender, Object.values(columns), async () => {
			await this.run(
				`CREATE TABLE ${table} AS SELECT ${entries.map(([name, kind]) => `${COLUMN_KINDS[kind].read(name)} AS ${name}`).join(", ")} FROM ${raw}`,
			);
			await this.run(`DROP TABLE ${raw}`);
		});
	}

	/** Writes the rows of `query` as a Parquet file. */
	async export(query: string, file: string): Promise<void> {
		await this.run(`COPY (${query}) TO ${text(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440)`);
	}

	async close(): Promise<void> {
		this.signal?.removeEventListener("abort", this.interrupt);
		for (const connection of this.connections) connection.closeSync();
		this.instance.closeSync();
		await rm(this.spillFolder, { recursive: true, force: true });
	}

	private readonly interrupt = (): void => {
		for (const connection of this.connections) connection.interrupt();
	};

	private async connect(): Promise<DuckDBConnection> {
		const connection = await this.instance.connect();
		this.connections.push(connection);
		return connection;
	}

	private async guard<T>(work: () => Promise<T>): Promise<T> {
		try {
			return await work();
		} catch (error) {
			throwIfCancelled(this.signal);
			throw new AppError("BAD_DATA", `The stage's tables could not be read: ${messageOf(error)}`, { cause: error });
		}
	}
}

/** How a column is handed over and stored. Lists travel as text: element by element they cost twenty times as much. */
const COLUMN_KINDS = {
	integer: { raw: "INTEGER", read: (name: string) => name },
	double: { raw: "DOUBLE", read: (name: string) => name },
	text: { raw: "VARCHAR", read: (name: string) => name },
	flag: { raw: "BOOLEAN", read: (name: string) => name },
	integers: { raw: "VARCHAR", read: (name: string) => listOf(name, "INTEGER") },
	doubles: { raw: "VARCHAR", read: (name: string) => listOf(name, "DOUBLE") },
	/** Words without commas. */
	words: { raw: "VARCHAR", read: (name: string) => listOf(name, "VARCHAR") },
} as const;
export type ColumnKind = keyof typeof COLUMN_KINDS;

function listOf(name: string, type: string): string {
	return `CASE WHEN ${name} = '' THEN []::${type}[] ELSE string_split(${name}, ',')::${type}[] END`;
}

/** What a cell may hold; the column's kind says how it is stored. */
export type CellValue = null | boolean | number | string | readonly number[] | readonly string[];

/** Appends rows to a table of a {@link TableStore}. */
export class RowWriter {
	private pending = 0;

	constructor(
		private readonly appender: DuckDBAppender,
		private readonly kinds: readonly ColumnKind[],
		private readonly finish: () => Promise<void>,
	) {}

	append(values: readonly CellValue[]): void {
		this.kinds.forEach((kind, column) => {
			this.appendCell(kind, values[column] ?? null);
		});
		this.appender.endRow();
		this.pending += 1;
		if (this.pending % 20_000 === 0) this.appender.flushSync();
	}

	/** After this the table can be read. */
	async close(): Promise<void> {
		this.appender.closeSync();
		await this.finish();
	}

	private appendCell(kind: ColumnKind, value: CellValue): void {
		if (value === null) this.appender.appendNull();
		else if (typeof value === "string") this.appender.appendVarchar(value);
		else if (typeof value === "boolean") this.appender.appendBoolean(value);
		else if (typeof value === "object") this.appender.appendVarchar(value.join(","));
		else if (kind === "double") this.appender.appendDouble(value);
		else this.appender.appendInteger(value);
	}
}

/** `read_parquet('…')` of a stage's file. @throws AppError BAD_DATA when the file is not there. */
export function parquet(folder: string, name: string): string {
	const file = join(folder, name);
	if (!existsSync(file)) throw new AppError("BAD_DATA", `${file} is missing; the stage that writes it did not finish.`);
	return `read_parquet(${text(file)})`;
}

function checked<T>(schema: z.ZodType<T>, row: unknown): T {
	const parsed = schema.safeParse(row);
	if (parsed.success) return parsed.data;
	const problem = parsed.error.issues[0];
	throw new AppError(
		"BAD_DATA",
		`A row is not what the contract says: ${problem?.path.join(".")}: ${problem?.message} in ${describe(row)}`,
	);
}

function describe(row: unknown): string {
	return JSON.stringify(row, (_, value) => (typeof value === "bigint" ? String(value) : value)).slice(0, 200);
}
