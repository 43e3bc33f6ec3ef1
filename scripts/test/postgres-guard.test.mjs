import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { home } from "../lib/paths.mjs";
import { ensurePostgresBinaries, postgresPlace } from "../lib/postgres-binaries.mjs";
import { PostgresGuard } from "../lib/postgres-guard.mjs";
import { startPostgres } from "../lib/postgres-server.mjs";
import { isAlive } from "../lib/processes.mjs";
import { findPython } from "../lib/python.mjs";

describe("a Postgres that is looked after", () => {
	/** @type {{ folder: string, binaries: string }} */
	let where;
	/** @type {PostgresGuard} */
	let guard;
	/** @type {import("../lib/postgres-server.mjs").PostgresServer} */
	let server;
	/** @type {string[]} */
	let said;
	/** @type {Error[]} */
	let hopeless;
	beforeEach(async () => {
		const place = postgresPlace(home, () => {});
		const { binaries } = await ensurePostgresBinaries({ place, python: findPython });
		where = { folder: mkdtempSync(join(tmpdir(), "atelier-guard-")), binaries };
		said = [];
		hopeless = [];
		guard = new PostgresGuard(where, {
			say: (message) => said.push(message),
			onHopeless: (error) => hopeless.push(error),
		});
		server = await startPostgres(where);
		guard.watch(server);
	}, 60_000);
	afterEach(async () => {
		await guard.stop();
		rmSync(where.folder, { recursive: true, force: true });
	}, 60_000);

	/** @param {string} sql */
	async function query(sql) {
		const client = new pg.Client({ connectionString: server.url });
		client.on("error", () => {});
		await client.connect();
		try {
			return (await client.query(sql)).rows;
		} finally {
			await client.end();
		}
	}

	it("and killed, comes back on the same address with what was committed, though a query of it goes on", async () => {
		await query("CREATE TABLE kept AS SELECT 42 AS answer");
		const endless = query("SELECT pg_sleep(600)").catch((error) => error);
		const busy = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'";
		await expect.poll(async () => (await query(busy)).length, { timeout: 10_000 }).toBe(1);
		const [{ pid: backend }] = await query(busy);
		for (let kills = 0; kills < 2; kills += 1) {
			process.kill((await startPostgres(where)).pid, "SIGKILL");
			await expect
				.poll(() => said.filter((line) => line.includes("is back")).length, { timeout: 30_000 })
				.toBe(kills + 1);
			expect(await query("SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
		}
		expect(await endless).toBeInstanceOf(Error);
		expect(isAlive(backend)).toBe(false);
		expect(hopeless).toEqual([]);
	}, 90_000);

	it("is not started again once it is told to stop", async () => {
		await guard.stop();
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect(isAlive(server.pid)).toBe(false);
		expect(said).toEqual([]);
	}, 60_000);
});
