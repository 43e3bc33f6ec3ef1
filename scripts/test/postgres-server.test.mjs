import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { home } from "../lib/paths.mjs";
import { ensurePostgresBinaries, postgresPlace } from "../lib/postgres-binaries.mjs";
import { startPostgres, stopPostgres } from "../lib/postgres-server.mjs";
import { isAlive } from "../lib/processes.mjs";
import { findPython } from "../lib/python.mjs";

describe("the embedded Postgres", () => {
	/** @type {string} */
	let binaries;
	/** @type {string} */
	let folder;
	beforeAll(async () => {
		const place = postgresPlace(home, () => {});
		binaries = (await ensurePostgresBinaries({ place, python: findPython })).binaries;
		folder = mkdtempSync(join(tmpdir(), "atelier-postgres-"));
	});
	afterAll(async () => {
		await stopPostgres({ folder, binaries });
		rmSync(folder, { recursive: true, force: true });
	});

	/** @param {string} url @param {string} sql */
	async function query(url, sql) {
		const client = new pg.Client({ connectionString: url });
		await client.connect();
		const { rows } = await client.query(sql);
		await client.end();
		return rows;
	}

	it("keeps its data, port and password from start to start, and stops without a trace", async () => {
		const first = await startPostgres({ folder, binaries });
		expect(first.adopted).toBe(false);
		await query(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
		await stopPostgres({ folder, binaries });
		expect(isAlive(first.pid)).toBe(false);
		expect(existsSync(join(folder, "data", "postmaster.pid"))).toBe(false);
		const second = await startPostgres({ folder, binaries });
		expect(second.url).toBe(first.url);
		expect(await query(second.url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
	});

	it("that is left running is adopted, not started twice", async () => {
		const first = await startPostgres({ folder, binaries });
		const second = await startPostgres({ folder, binaries });
		expect(second).toEqual({ ...first, adopted: true });
	});

	it("lets nobody in without the password", async () => {
		const { url } = await startPostgres({ folder, binaries });
		const wrong = new URL(url);
		wrong.password = "wrong";
		await expect(query(wrong.href, "SELECT 1")).rejects.toThrow(/password authentication failed/);
	});

	it("starts though postmaster.pid names a process that is another program by now", async () => {
		await startPostgres({ folder, binaries });
		const lock = join(folder, "data", "postmaster.pid");
		const lines = readFileSync(lock, "utf8").split("\n");
		await stopPostgres({ folder, binaries });
		const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
		writeFileSync(lock, [other.pid, ...lines.slice(1)].join("\n"));
		const server = await startPostgres({ folder, binaries });
		expect(server.adopted).toBe(false);
		expect(await query(server.url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
		expect(isAlive(Number(other.pid))).toBe(true);
		other.kill("SIGKILL");
	});

	it("starts after its own hard kill and has what was committed", async () => {
		const first = await startPostgres({ folder, binaries });
		await query(first.url, "INSERT INTO kept VALUES (43)");
		process.kill(first.pid, "SIGKILL");
		await expect.poll(() => isAlive(first.pid)).toBe(false);
		const second = await startPostgres({ folder, binaries });
		expect(await query(second.url, "SELECT answer FROM kept ORDER BY 1")).toEqual([{ answer: 42 }, { answer: 43 }]);
	});
});
