import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureDatabase, migrate } from "../src/migrate";
import { prepareOwnDatabase } from "../src/own-database";
import { createTestDatabase, type TestDatabase } from "../src/testing";

let server: TestDatabase;
let own: { name: string; role: string; password: string };
beforeEach(async () => {
	server = await createTestDatabase();
	const unique = randomBytes(6).toString("hex");
	own = { name: `own_${unique}`, role: `app "${unique}`, password: "it's a secret" };
}, 60_000);
afterEach(async () => {
	await query(server.url, `DROP DATABASE IF EXISTS ${own.name} WITH (FORCE)`);
	await query(server.url, `DROP ROLE IF EXISTS ${pg.escapeIdentifier(own.role)}`);
	await server.drop();
});

async function query(url: string, sql: string) {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		return (await client.query(sql)).rows;
	} finally {
		await client.end();
	}
}

const OTHERS = `SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
	WHERE nspname IN ('public', 'queue') AND pg_get_userbyid(relowner) <> current_user`;

describe("the record on a server of our own", () => {
	it("belongs to a role that is no superuser, makes none, and reaches neither the server's files nor its programs", async () => {
		const url = await prepareOwnDatabase(server.url, own);
		expect((await migrate(url)).length).toBeGreaterThan(0);
		await query(url, "CREATE SCHEMA queue CREATE TABLE job (id integer)");
		const rights =
			"SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = current_user";
		expect(await query(url, rights)).toEqual([
			{ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false },
		]);
		await expect(query(url, "COPY (SELECT 1) TO PROGRAM 'true'")).rejects.toThrow(/permission denied/);
		await expect(query(url, "SELECT pg_read_file('postgresql.conf')")).rejects.toThrow(/permission denied/);
		await expect(query(url, "CREATE ROLE another SUPERUSER")).rejects.toThrow(/permission denied/);
	}, 60_000);

	it("that an earlier version made as the superuser is handed over whole, once and again", async () => {
		const asSuperuser = await ensureDatabase(server.url, own.name);
		await migrate(asSuperuser);
		await query(
			asSuperuser,
			`CREATE SCHEMA queue CREATE TABLE job (id serial, state text) CREATE VIEW waiting AS SELECT id FROM job;
			CREATE SEQUENCE queue.numbers; CREATE TYPE queue.state AS ENUM ('waiting', 'active');
			CREATE FUNCTION queue.one() RETURNS integer LANGUAGE sql AS 'SELECT 1'`,
		);
		for (let start = 0; start < 2; start += 1) {
			const url = await prepareOwnDatabase(server.url, own);
			expect(await query(url, OTHERS)).toEqual([]);
			expect(await migrate(url)).toEqual([]);
			await query(url, "ALTER TYPE queue.state ADD VALUE IF NOT EXISTS 'done'");
			await query(url, "INSERT INTO queue.job (state) VALUES ('active')");
			await query(url, "CREATE OR REPLACE FUNCTION queue.one() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
		}
	}, 60_000);
});
