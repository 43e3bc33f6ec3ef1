import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDatabase, createPool, type Pool } from "../src";
import { ensureDatabase, migrate, withClient } from "../src/migrate";
import { isPassing } from "../src/passing-errors";
import { createTestDatabase, type TestDatabase } from "../src/testing";

const committed = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));

describe("migrations", () => {
	let database: TestDatabase;
	let pool: Pool;
	let folder: string;

	beforeAll(async () => {
		database = await createTestDatabase();
		pool = createPool(database.url);
		folder = await mkdtemp(join(tmpdir(), "atelier-migrations-"));
		await cp(committed, folder, { recursive: true });
	}, 60_000);
	afterAll(async () => {
		await pool?.end();
		await database?.drop();
		await rm(folder, { recursive: true, force: true });
	});

	const addMigration = (name: string, sql: string) =>
		cp(join(folder, "0001_main_job"), join(folder, name), { recursive: true }).then(() =>
			writeFile(join(folder, name, "migration.sql"), sql),
		);

	it("leave nothing to do on a migrated database", async () => {
		expect(await migrate(database.url)).toEqual([]);
	});

	it("whose connection the server ends between two queries fail, and may be tried again", async () => {
		const lost = withClient(database.url, async (client) => {
			const ended = new Promise((resolve) => client.once("end", resolve));
			const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
			await pool.query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
			await ended;
			await client.query("SELECT 1");
		});
		expect(isPassing(await lost.catch((error: unknown) => error))).toBe("unavailable");
	});

	it("that fail leave the database and its history as they were", async () => {
		await addMigration("0900_broken", "CREATE TABLE half (id int); CREATE TABLE half (id int);");
		await expect(migrate(database.url, folder)).rejects.toThrow(/0900_broken failed.*already exists/s);
		expect((await pool.query("SELECT to_regclass('half') AS half")).rows).toEqual([{ half: null }]);
		expect((await pool.query("SELECT 1 FROM _prisma_migrations WHERE migration_name = '0900_broken'")).rowCount).toBe(
			0,
		);
		await rm(join(folder, "0900_broken"), { recursive: true });
	});

	it("started twice at once are applied once", async () => {
		await addMigration("0901_once", "CREATE TABLE once (id int);");
		const applied = await Promise.all([1, 2, 3].map(() => migrate(database.url, folder)));
		expect(applied.flat()).toEqual(["0901_once"]);
	});

	it("edited after they were applied are refused by name", async () => {
		await addMigration("0901_once", "CREATE TABLE once (id bigint);");
		await expect(migrate(database.url, folder)).rejects.toThrow(/0901_once was edited/);
	});

	it("of a newer checkout are refused by name", async () => {
		await expect(migrate(database.url, committed)).rejects.toThrow(/newer Atelier.*0901_once/);
	});

	it("name the server that does not answer", async () => {
		await expect(migrate("postgresql://nobody@127.0.0.1:1/none")).rejects.toThrow(/127\.0\.0\.1:1/);
	});

	it("bring a database that did not exist to the same state", async () => {
		const url = await ensureDatabase(database.url, `${new URL(database.url).pathname.slice(1)}_new`);
		expect(await ensureDatabase(database.url, new URL(url).pathname.slice(1))).toBe(url);
		expect(await migrate(url)).toContain("0001_main_job");
		const db = createDatabase(url);
		expect(await db.dataset.count()).toBe(0);
		await db.$disconnect();
		await pool.query(`DROP DATABASE "${new URL(url).pathname.slice(1)}" WITH (FORCE)`);
	});
});
