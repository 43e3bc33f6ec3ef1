import { mkdir } from "node:fs/promises";
import { AppError, messageOf } from "@atelier/core";
import { type DuckDBConnection, DuckDBInstance, type JS } from "@duckdb/node-api";
import type { z } from "zod";
import { text } from "./sql";

export interface DuckDbOptions {
	/** Database file; in memory when absent. A file keeps tables larger than `memoryLimit` off the heap at full speed. */
	file?: string;
	/** Folder for what does not fit in memory; made when missing. */
	temporaryFolder?: string;
	/** DuckDB's own notation; buffers only, so leave room for the process itself. */
	memoryLimit?: string;
	threads?: number;
	/** Interrupts the running statement, which then throws `CANCELLED`. */
	signal?: AbortSignal;
}

export type DuckDbValue =
	| null
	| boolean
	| number
	| string
	| Date
	| Uint8Array
	| DuckDbValue[]
	| { [key: string]: DuckDbValue };
export type DuckDbRow = Record<string, DuckDbValue>;

/** One connection to one DuckDB. Times are UTC; 64-bit integers come out as numbers (they are counts and ids here). */
export class DuckDb {
	private constructor(
		private readonly instance: DuckDBInstance,
		private readonly connection: DuckDBConnection,
		private readonly signal: AbortSignal | undefined,
	) {}

	static async open(options: DuckDbOptions = {}): Promise<DuckDb> {
		if (options.temporaryFolder !== undefined) await mkdir(options.temporaryFolder, { recursive: true });
		const instance = await DuckDBInstance.create(options.file ?? ":memory:", {
			memory_limit: options.memoryLimit ?? "2GB",
			...(options.temporaryFolder === undefined ? {} : { temp_directory: options.temporaryFolder }),
			...(options.threads === undefined ? {} : { threads: String(options.threads) }),
		});
		const connection = await instance.connect();
		const db = new DuckDb(instance, connection, options.signal);
		options.signal?.addEventListener("abort", db.interrupt, { once: true });
		await db.run("SET TimeZone = 'UTC'");
		await db.run("SET enable_progress_bar = false");
		return db;
	}

	/** Runs statements whose result is not wanted. */
	async run(sql: string): Promise<void> {
		await this.guarded(() => this.connection.run(sql));
	}

	/** All rows of a small result, each checked against `schema`. */
	async all<T>(schema: z.ZodType<T>, sql: string): Promise<T[]> {
		const result = await this.guarded(() => this.connection.runAndReadAll(sql));
		return result.getRowObjectsJS().map((row) => schema.parse(plainRow(row)));
	}

	/** The first row of a result that has one. */
	async one<T>(schema: z.ZodType<T>, sql: string): Promise<T> {
		const [row] = await this.all(schema, sql);
		if (row === undefined) throw new AppError("INTERNAL", `A query that must return a row returned none: ${sql}`);
		return row;
	}

	/** Rows in chunks of about 2,000, so that a result of any size passes through. */
	async *stream(sql: string): AsyncGenerator<DuckDbRow[]> {
		const result = await this.guarded(() => this.connection.stream(sql));
		for await (const rows of result.yieldRowObjectJs()) {
			this.throwIfCancelled();
			yield rows.map(plainRow);
		}
	}

	/** Writes a query's rows, in its order, to one Parquet file. */
	async writeParquet(query: string, path: string): Promise<void> {
		await this.run(`COPY (${query}) TO ${text(path)} (FORMAT parquet, COMPRESSION zstd)`);
	}

	close(): void {
		this.signal?.removeEventListener("abort", this.interrupt);
		this.connection.closeSync();
		this.instance.closeSync();
	}

	private readonly interrupt = (): void => this.connection.interrupt();

	private throwIfCancelled(): void {
		if (this.signal?.aborted) throw new AppError("CANCELLED", "Cancelled.");
	}

	private async guarded<T>(run: () => Promise<T>): Promise<T> {
		this.throwIfCancelled();
		try {
			return await run();
		} catch (error) {
			this.throwIfCancelled();
			throw new AppError("INTERNAL", `DuckDB: ${messageOf(error)}`, { cause: error });
		}
	}
}

export function openDuckDb(options: DuckDbOptions = {}): Promise<DuckDb> {
	return DuckDb.open(options);
}

function plainRow(row: Record<string, JS>): DuckDbRow {
	return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: JS): DuckDbValue {
	if (typeof value === "bigint") return Number(value);
	if (Array.isArray(value)) return value.map(plainValue);
	if (value === null || typeof value !== "object" || value instanceof Date || value instanceof Uint8Array) return value;
	return plainRow(value);
}
