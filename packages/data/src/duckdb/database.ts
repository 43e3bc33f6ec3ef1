import { rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { AppError, messageOf } from "@atelier/core";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { z } from "zod";
import { text } from "../sql";
import { type ColumnKind, RowWriter, writtenTable } from "./row-writer";
import { checkedRow, type DuckDbRow, plainRow } from "./rows";

export interface DuckDbOptions {
	/** Database file; in memory when absent. A file keeps tables larger than `memoryLimit` off the heap at full speed. */
	file?: string;
	/** Folder for what does not fit in memory; made when missing, and removed at the end. */
	temporaryFolder?: string;
	/** DuckDB's own notation; buffers only, so leave room for the process itself. */
	memoryLimit?: string;
	threads?: number;
	/** Interrupts the running statement, which then throws `CANCELLED`. */
	signal?: AbortSignal;
}

/** Trouble of the machine or of DuckDB itself: unlike bad data, it may be gone at the next try. */
const MACHINE_TROUBLE = /^(IO|Out of Memory|Internal|Fatal|Interrupt) Error/i;

/**
 * One DuckDB. Statements run one after another on its own connection; every reader and writer has another one, since a
 * connection holds one result: a writer's flush would cut off, without a word, what is being read. Times are UTC.
 *
 * Every method throws `CANCELLED` once the signal is raised, `BAD_DATA` where files or rows are not what was promised,
 * and `INTERNAL` for trouble of the machine.
 */
export class DuckDb {
	private readonly others = new Set<DuckDBConnection>();

	private constructor(
		private readonly instance: DuckDBInstance,
		private readonly connection: DuckDBConnection,
		private readonly options: DuckDbOptions,
	) {}

	static async open(options: DuckDbOptions = {}): Promise<DuckDb> {
		if (options.temporaryFolder !== undefined) await mkdir(options.temporaryFolder, { recursive: true });
		const instance = await DuckDBInstance.create(options.file ?? ":memory:", {
			memory_limit: options.memoryLimit ?? "2GB",
			...(options.temporaryFolder === undefined ? {} : { temp_directory: options.temporaryFolder }),
			...(options.threads === undefined ? {} : { threads: String(options.threads) }),
		});
		const db = new DuckDb(instance, await instance.connect(), options);
		options.signal?.addEventListener("abort", db.interrupt, { once: true });
		// Times are stored in UTC without a zone; the machine's own zone must not shift them on any connection.
		await db.connection.run("SET GLOBAL TimeZone = 'UTC'");
		return db;
	}

	/** Runs statements whose result is not wanted. */
	async run(sql: string): Promise<void> {
		await this.guarded(() => this.connection.run(sql));
	}

	/** All rows of a small result, each checked against `schema`. */
	async all<T>(schema: z.ZodType<T>, sql: string): Promise<T[]> {
		const result = await this.guarded(() => this.connection.runAndReadAll(sql));
		const columns = result.deduplicatedColumnNames();
		return result.getRowsJS().map((values) => checkedRow(schema, plainRow(columns, values)));
	}

	/** The first row of a result that has one. */
	async one<T>(schema: z.ZodType<T>, sql: string): Promise<T> {
		const [row] = await this.all(schema, sql);
		if (row === undefined) throw new AppError("INTERNAL", `A query that must return a row returned none: ${sql}`);
		return row;
	}

	/** Rows in chunks of about 2,000, so that a result of any size passes through. */
	async *stream(sql: string): AsyncGenerator<DuckDbRow[]> {
		const connection = await this.connect();
		try {
			const result = await this.guarded(() => connection.stream(sql));
			const columns = result.deduplicatedColumnNames();
			const chunks = result.yieldRowsJs();
			for (;;) {
				const next = await this.guarded(() => chunks.next());
				if (next.done) return;
				yield next.value.map((values) => plainRow(columns, values));
			}
		} finally {
			this.disconnect(connection);
		}
	}

	/** As {@link stream}, each row checked against `schema`. */
	async *batches<T>(schema: z.ZodType<T>, sql: string): AsyncGenerator<T[]> {
		for await (const rows of this.stream(sql)) yield rows.map((row) => checkedRow(schema, row));
	}

	/** Opens a writer for a table that is there once the writer is closed. */
	async writer(table: string, columns: Record<string, ColumnKind>): Promise<RowWriter> {
		const { raw, create, finish } = writtenTable(table, columns);
		await this.run(create);
		const connection = await this.connect();
		const appender = await connection.createAppender(raw);
		return new RowWriter(appender, Object.values(columns), async () => {
			this.disconnect(connection);
			for (const statement of finish) await this.run(statement);
		});
	}

	/** Writes a query's rows, in its order, to one Parquet file; in small groups, so that a reader of a range skips most. */
	async writeParquet(query: string, path: string): Promise<void> {
		await this.run(`COPY (${query}) TO ${text(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440)`);
	}

	close(): void {
		const { signal, temporaryFolder } = this.options;
		signal?.removeEventListener("abort", this.interrupt);
		for (const connection of [...this.others]) this.disconnect(connection);
		this.connection.closeSync();
		this.instance.closeSync();
		if (temporaryFolder !== undefined) rmSync(temporaryFolder, { recursive: true, force: true });
	}

	private readonly interrupt = (): void => {
		for (const connection of [this.connection, ...this.others]) connection.interrupt();
	};

	private async connect(): Promise<DuckDBConnection> {
		const connection = await this.instance.connect();
		this.others.add(connection);
		return connection;
	}

	private disconnect(connection: DuckDBConnection): void {
		// A reader that is still under way when the database closes comes here a second time.
		if (this.others.delete(connection)) connection.closeSync();
	}

	private throwIfCancelled(): void {
		if (this.options.signal?.aborted) throw new AppError("CANCELLED", "Cancelled.");
	}

	private async guarded<T>(work: () => Promise<T>): Promise<T> {
		this.throwIfCancelled();
		try {
			return await work();
		} catch (error) {
			this.throwIfCancelled();
			const message = messageOf(error);
			const code = MACHINE_TROUBLE.test(message) ? "INTERNAL" : "BAD_DATA";
			throw new AppError(code, `DuckDB: ${message}`, { cause: error });
		}
	}
}

export function openDuckDb(options: DuckDbOptions = {}): Promise<DuckDb> {
	return DuckDb.open(options);
}
