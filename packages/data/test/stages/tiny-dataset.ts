import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** One line of a log as tests write it; `at` is hours after 2024-01-01. */
export interface LogRow {
	user: number;
	action: "search" | "click" | "purchase";
	item?: number;
	query?: string;
	at?: number;
}

export interface ExposureRow {
	query: string;
	item: number;
	position: number;
	at?: number;
	user?: number;
}

export interface TinyDataset {
	items: { id: number; title: string; attributes?: Record<string, string>; family?: string }[];
	log: LogRow[];
	exposures?: ExposureRow[];
}

const START = "TIMESTAMP '2024-01-01'";
const text = (value: string | undefined) => (value === undefined ? "NULL" : `'${value.replaceAll("'", "''")}'`);
const whole = (value: number | undefined) => (value === undefined ? "NULL" : String(value));
const time = (hours: number | undefined) =>
	hours === undefined ? "NULL::TIMESTAMP" : `${START} + INTERVAL ${Math.round(hours * 3600)} SECONDS`;

/** Milliseconds since 1970 of a test's hours. */
export function millisecondsOf(hours: number): number {
	return Date.UTC(2024, 0, 1) + Math.round(hours * 3600) * 1000;
}

export async function withConnection<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
	const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
	const connection = await instance.connect();
	try {
		return await work(connection);
	} finally {
		connection.closeSync();
		instance.closeSync();
	}
}

/** Writes Parquet of literal rows; `columns` are SQL column definitions. */
export async function writeRows(file: string, columns: string, rows: readonly string[]): Promise<void> {
	await withConnection(async (connection) => {
		await connection.run(`CREATE TABLE t (${columns})`);
		if (rows.length > 0) await connection.run(`INSERT INTO t VALUES ${rows.map((row) => `(${row})`).join(", ")}`);
		await connection.run(`COPY t TO '${file}' (FORMAT parquet)`);
	});
}

export async function readRows(folder: string, file: string, order: string): Promise<Record<string, unknown>[]> {
	return withConnection(async (connection) => {
		const result = await connection.runAndReadAll(`FROM read_parquet('${join(folder, file)}') ORDER BY ${order}`);
		return result.getRowObjectsJS();
	});
}

/** Writes the three tables of a dataset as docs/contracts.md describes them. */
export async function writeDataset(folder: string, { items, log, exposures = [] }: TinyDataset): Promise<void> {
	await mkdir(folder, { recursive: true });
	await writeRows(
		join(folder, "items.parquet"),
		"item_id INTEGER, item_key VARCHAR, title VARCHAR, attributes VARCHAR, family VARCHAR, price DOUBLE, launched_at TIMESTAMP",
		items.map(
			(item) =>
				`${item.id}, 'k${item.id}', ${text(item.title)}, ${text(JSON.stringify(item.attributes ?? {}))}, ${text(item.family)}, NULL, NULL`,
		),
	);
	const ords = new Map<number, number>();
	await writeRows(
		join(folder, "interactions.parquet"),
		'user_id INTEGER, user_key VARCHAR, ord INTEGER, action VARCHAR, item_id INTEGER, query VARCHAR, "at" TIMESTAMP, derived BOOLEAN',
		log.map((row) => {
			const ord = ords.get(row.user) ?? 0;
			ords.set(row.user, ord + 1);
			return `${row.user}, 'u${row.user}', ${ord}, '${row.action}', ${whole(row.item)}, ${text(row.query)}, ${time(row.at)}, false`;
		}),
	);
	await writeRows(
		join(folder, "exposures.parquet"),
		'query VARCHAR, item_id INTEGER, position INTEGER, "at" TIMESTAMP, user_id INTEGER',
		exposures.map((row) => `${text(row.query)}, ${row.item}, ${row.position}, ${time(row.at)}, ${whole(row.user)}`),
	);
	await writeFile(join(folder, "manifest.json"), "{}\n");
}

/** Runs `work` with a folder that is gone afterwards. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), "atelier-stages-"));
	try {
		return await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
