import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "@atelier/core";
import pg from "pg";

// Not `new URL(…, import.meta.url)`: the console's bundler would take the folder for an asset.
const MIGRATIONS = join(dirname(fileURLToPath(import.meta.url)), "../../../prisma/migrations");

/** The number that Prisma's own engine locks, so that the two never migrate at once. */
const ADVISORY_LOCK = 72707369;

/** Prisma's history table, column for column: its engine reads what we wrote as its own. */
const HISTORY = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
	id VARCHAR(36) PRIMARY KEY NOT NULL,
	checksum VARCHAR(64) NOT NULL,
	finished_at TIMESTAMPTZ,
	migration_name VARCHAR(255) NOT NULL,
	logs TEXT,
	rolled_back_at TIMESTAMPTZ,
	started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
	applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Brings a database up to date. Everything happens in one transaction, under a lock that it holds: of two that start at
 * once one waits and finds nothing to do, and a migration that fails leaves the database as it was.
 *
 * @param folder holds one folder a migration, applied in the order of their names
 * @returns names of the migrations applied now
 * @throws AppError CONFLICT when an applied migration was edited since, or the database is newer than this code;
 *   UNAVAILABLE when the server has no pgvector
 */
export async function migrate(databaseUrl: string, folder: string = MIGRATIONS): Promise<string[]> {
	const migrations = await readMigrations(folder);
	return withClient(databaseUrl, async (client) => {
		await client.query("BEGIN");
		await client.query("SELECT pg_advisory_xact_lock($1)", [ADVISORY_LOCK]);
		await client.query(HISTORY);
		const { rows } = await client.query<{ migration_name: string; checksum: string }>(
			"SELECT migration_name, checksum FROM _prisma_migrations WHERE rolled_back_at IS NULL",
		);
		const pending = pendingOf(migrations, new Map(rows.map((row) => [row.migration_name, row.checksum])));
		for (const migration of pending) {
			await client.query(migration.sql).catch((error: Error) => {
				throw explain(migration.name, error);
			});
			await client.query(
				`INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
				VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
				[randomUUID(), migration.checksum, migration.name],
			);
		}
		await client.query("COMMIT");
		return pending.map((migration) => migration.name);
	});
}

/** Makes the database on the server unless it is there. @returns its address */
export async function ensureDatabase(serverUrl: string, name: string): Promise<string> {
	await withClient(serverUrl, async (client) => {
		const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
		if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
	});
	const url = new URL(serverUrl);
	url.pathname = `/${encodeURIComponent(name)}`;
	return url.href;
}

export interface Migration {
	name: string;
	sql: string;
	checksum: string;
}

/** The committed migrations, in order. */
export async function readMigrations(folder: string = MIGRATIONS): Promise<Migration[]> {
	const entries = await readdir(folder, { withFileTypes: true });
	const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
	return Promise.all(
		names.sort().map(async (name) => {
			const sql = await readFile(join(folder, name, "migration.sql"), "utf8");
			return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
		}),
	);
}

function pendingOf(migrations: Migration[], applied: Map<string, string>): Migration[] {
	const known = new Set(migrations.map((migration) => migration.name));
	const unknown = [...applied.keys()].find((name) => !known.has(name));
	if (unknown !== undefined) {
		throw new AppError(
			"CONFLICT",
			`The database was made by a newer Atelier: it holds the migration ${unknown}, which this checkout lacks. Update the checkout.`,
		);
	}
	const edited = migrations.find(({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum);
	if (edited) {
		throw new AppError(
			"CONFLICT",
			`The migration ${edited.name} was edited after it was applied to this database. Restore the file, or start with a new database.`,
		);
	}
	return migrations.filter((migration) => !applied.has(migration.name));
}

function explain(name: string, error: Error): Error {
	if (/extension "vector" is not available/.test(error.message)) {
		return new AppError("UNAVAILABLE", "This Postgres has no pgvector: install the extension, version 0.8 or newer.", {
			cause: error,
		});
	}
	return new AppError("INTERNAL", `The migration ${name} failed: ${error.message}`, { cause: error });
}

export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
	const client = new pg.Client({ connectionString: url });
	// Without a listener a server that ends between two queries would end this process; so, the next query fails.
	client.on("error", () => {});
	try {
		await client.connect();
	} catch (error) {
		const { host, port, message } = { host: client.host, port: client.port, message: connectionMessage(error) };
		throw new AppError("UNAVAILABLE", `No Postgres to be used at ${host}:${port}: ${message}.`, { cause: error });
	}
	try {
		return await work(client);
	} finally {
		// An open transaction ends with its connection.
		await client.end();
	}
}

function connectionMessage(error: unknown): string {
	// Node reports a host with several addresses as one error with an empty message around the real ones.
	if (error instanceof AggregateError) return error.errors.map(connectionMessage).join("; ");
	return error instanceof Error ? error.message : String(error);
}
