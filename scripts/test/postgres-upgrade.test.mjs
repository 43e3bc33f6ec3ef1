import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { home } from "../lib/paths.mjs";
import { ensurePostgresBinaries, postgresPlace } from "../lib/postgres-binaries.mjs";
import { startPostgres, stopPostgres } from "../lib/postgres-server.mjs";
import { upgradeIfOlder } from "../lib/postgres-upgrade.mjs";
import { findPython } from "../lib/python.mjs";

/** @type {string} */
let folder;
/** @type {string} */
let binaries;
beforeEach(async () => {
	const place = postgresPlace(home, () => {});
	binaries = (await ensurePostgresBinaries({ place, python: findPython })).binaries;
	folder = mkdtempSync(join(tmpdir(), "atelier-upgrade-"));
}, 60_000);
afterEach(async () => {
	await stopPostgres({ folder, binaries });
	rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** @param {string} serverUrl @param {string} name @param {string} sql */
async function query(serverUrl, name, sql) {
	const url = new URL(serverUrl);
	url.pathname = `/${name}`;
	const client = new pg.Client({ connectionString: url.href });
	await client.connect();
	try {
		return (await client.query(sql)).rows;
	} finally {
		await client.end();
	}
}

/** The package that carries our Postgres carries version 16 too. */
async function makeOf16() {
	const old = join(binaries, "..", "..", "pginstall", "bin");
	const { url } = await startPostgres({ folder, binaries: old });
	expect(await query(url, "postgres", "SHOW server_version")).toMatchObject([
		{ server_version: expect.stringMatching(/^16\./) },
	]);
	await query(url, "postgres", "CREATE DATABASE atelier");
	await query(
		url,
		"atelier",
		"CREATE EXTENSION vector; CREATE TABLE embedding AS SELECT '[1,2,3]'::vector AS place FROM generate_series(1, 500)",
	);
	await stopPostgres({ folder, binaries: old });
	return url;
}

describe("a data folder of an older Postgres", () => {
	it("comes up on the new one with all that it had, at the same address, and the old data is kept", async () => {
		const before = await makeOf16();
		expect(await upgradeIfOlder({ folder, binaries })).toBe(16);
		const { url } = await startPostgres({ folder, binaries });
		expect(url).toBe(before);
		expect(await query(url, "postgres", "SHOW server_version")).toMatchObject([
			{ server_version: expect.stringMatching(/^18\./) },
		]);
		expect(await query(url, "atelier", "SELECT count(*)::int, min(place::text) FROM embedding")).toEqual([
			{ count: 500, min: "[1,2,3]" },
		]);
		expect(readdirSync(folder)).toContain("data-16");
		expect(existsSync(join(folder, "upgrade"))).toBe(false);
		await stopPostgres({ folder, binaries });
		expect(await upgradeIfOlder({ folder, binaries })).toBeNull();
	}, 120_000);

	it("whose programs are not there says what to do, and nothing of it changes", async () => {
		await makeOf16();
		for (const [version, says] of [
			["13", /made by PostgreSQL 13, .* Install PostgreSQL 13 with pgvector .* Nothing was changed/],
			["99", /made by PostgreSQL 99, and this Atelier brings 18: start it with the newer Atelier/],
		]) {
			writeFileSync(join(folder, "data", "PG_VERSION"), `${version}\n`);
			await expect(upgradeIfOlder({ folder, binaries })).rejects.toThrow(says);
		}
		writeFileSync(join(folder, "data", "PG_VERSION"), "16\n");
		expect(await upgradeIfOlder({ folder, binaries })).toBe(16);
	}, 120_000);
});
