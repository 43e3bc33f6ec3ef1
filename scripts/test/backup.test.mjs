import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { home as checkoutHome, root } from "../lib/paths.mjs";
import { ensurePostgresBinaries, postgresPlace } from "../lib/postgres-binaries.mjs";
import { startPostgres, stopPostgres } from "../lib/postgres-server.mjs";
import { findPython } from "../lib/python.mjs";

const run = promisify(execFile);

/** @type {string} */
let folder;
/** @type {string} */
let binaries;
/** @type {string} */
let first;
/** @type {string} */
let archive;

/** A data folder that uses the checkout's Postgres programs. @param {string} name */
function newHome(name) {
	const home = join(folder, name);
	mkdirSync(join(home, "venvs"), { recursive: true });
	symlinkSync(
		join(
			postgresPlace(checkoutHome, () => {}),
			"venvs",
			"postgres",
		),
		join(home, "venvs", "postgres"),
		"junction",
	);
	return home;
}

/** @param {string} home @param {string[]} args @returns {Promise<{ code: number, output: string }>} */
const script = (home, ...args) => scriptOn(undefined, home, ...args);

/** @param {string | undefined} databaseUrl @param {string} home @param {string[]} args */
async function scriptOn(databaseUrl, home, ...args) {
	const { DATABASE_URL: _, ...environment } = process.env;
	const env = { ...environment, ATELIER_HOME: home, ...(databaseUrl && { DATABASE_URL: databaseUrl }) };
	const options = { cwd: root, env, maxBuffer: 1e7 };
	try {
		const { stdout, stderr } = await run(process.execPath, args, options);
		return { code: 0, output: stdout + stderr };
	} catch (error) {
		const { code, stdout, stderr } = /** @type {{ code: number, stdout: string, stderr: string }} */ (error);
		return { code, output: stdout + stderr };
	}
}
const tool = join(root, "scripts", "backup.mjs");

/** @param {string} home @param {string} sql */
async function rowsIn(home, sql) {
	const where = { folder: join(home, "postgres"), binaries };
	const { url } = await startPostgres(where);
	const address = new URL(url);
	address.pathname = "/atelier";
	const client = new pg.Client({ connectionString: address.href });
	await client.connect();
	try {
		return (await client.query(sql)).rows;
	} finally {
		await client.end();
		await stopPostgres(where);
	}
}

const ABOUT =
	"SELECT count(*)::int AS items, sum(length(title))::int AS letters, (SELECT count(*)::int FROM stage) AS stages FROM item";

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "atelier-backup-test-"));
	// Postgres passes through it where we are root.
	await run("chmod", ["711", folder]);
	const place = postgresPlace(checkoutHome, () => {});
	binaries = (await ensurePostgresBinaries({ place, python: findPython })).binaries;
	first = newHome("first");
	const made = await script(first, join(root, "scripts", "test", "support", "make-record.mjs"));
	expect(made.output).toContain("applied 0001_main_job");
	archive = join(folder, "whole.tar");
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a backup", () => {
	it("with the store holds the record and what it names, and comes back in an empty folder to the last row and byte", async () => {
		const made = await script(first, tool, "backup", archive, "--with-store");
		expect(made).toMatchObject({ code: 0, output: expect.stringContaining("the record and 3 files of the store") });
		expect((statSync(archive).mode & 0o777).toString(8)).toBe("600");
		const second = newHome("second");
		const restored = await script(second, tool, "restore", archive);
		expect(restored).toMatchObject({ code: 0, output: expect.stringContaining("all checksums agree") });
		const about = await rowsIn(first, ABOUT);
		expect(about).toMatchObject([{ items: 20_000, stages: 1 }]);
		expect(await rowsIn(second, ABOUT)).toEqual(about);
		const files = (/** @type {string} */ home) => readFileSync(join(home, "store/datasets/d1/items.parquet"), "utf8");
		expect(files(second)).toBe(files(first));
		expect(existsSync(join(second, "store/stages/split/s1/a1/more/empty.parquet"))).toBe(true);
		expect(existsSync(join(second, "store/stages/split/s1/gone"))).toBe(false);
		expect(existsSync(join(second, "restoring.json"))).toBe(false);
	}, 120_000);

	it("is taken while its Postgres runs, which goes on; without the store it says what that means", async () => {
		const where = { folder: join(first, "postgres"), binaries };
		const server = await startPostgres(where);
		const made = await script(first, tool, "backup", join(folder, "record.tar"));
		expect(made).toMatchObject({ code: 0, output: expect.stringContaining("without the store (--with-store)") });
		expect(await startPostgres(where)).toMatchObject({ pid: server.pid, adopted: true });
		await stopPostgres(where);
		const third = newHome("third");
		const restored = await script(third, tool, "restore", join(folder, "record.tar"));
		expect(restored).toMatchObject({ code: 0, output: expect.stringContaining("Datasets have to be imported again") });
		expect(await rowsIn(third, ABOUT)).toEqual(await rowsIn(first, ABOUT));
	}, 120_000);

	it("never overwrites a file", async () => {
		const before = readFileSync(archive);
		const again = await script(first, tool, "backup", archive);
		expect(again).toMatchObject({ code: 1, output: expect.stringContaining("is there already") });
		expect(readFileSync(archive).equals(before)).toBe(true);
	}, 60_000);
});

describe("a restore", () => {
	it("into a folder in use is refused, and nothing there changes", async () => {
		const { code, output } = await script(first, tool, "restore", archive);
		expect(code).toBe(1);
		expect(output).toContain("is in use (it has postgres/data and store)");
		expect(await rowsIn(first, ABOUT)).toMatchObject([{ items: 20_000 }]);
	}, 60_000);

	const whole = () => readFileSync(archive);
	it.each([
		["with one byte changed in the record", () => flipped(whole(), 100_000)],
		["with one byte changed in the store", () => flipped(whole(), whole().indexOf("rows rows") + 1_000)],
		["cut off", () => whole().subarray(0, whole().length / 2)],
		["that is something else", () => Buffer.from("no archive at all")],
		["that is empty", () => Buffer.alloc(0)],
	])(
		"of an archive %s is refused before anything is written",
		async (_, bytes) => {
			const damaged = join(folder, "damaged.tar");
			writeFileSync(damaged, bytes());
			const empty = newHome(`empty-${Math.random()}`);
			const { code, output } = await script(empty, tool, "restore", damaged);
			expect(code).toBe(1);
			expect(output).toMatch(/is damaged|is no backup of Atelier/);
			expect(output).toContain("Nothing was changed");
			expect(readdirSync(empty)).toEqual(["venvs"]);
		},
		60_000,
	);

	it("that is killed half-way leaves a folder that nothing starts on, and the next restore begins anew", async () => {
		const home = newHome("killed");
		const { DATABASE_URL: _, ...environment } = process.env;
		const child = spawn(process.execPath, [tool, "restore", archive], { env: { ...environment, ATELIER_HOME: home } });
		while (!existsSync(join(home, "postgres", "data", "postmaster.pid"))) await delay(5);
		child.kill("SIGKILL");
		await once(child, "exit");
		const started = await script(home, join(root, "scripts", "start.mjs"));
		expect(started).toMatchObject({
			code: 1,
			output: expect.stringContaining("was interrupted, and what is there is not whole"),
		});
		expect(await script(home, tool, "restore", archive)).toMatchObject({ code: 0 });
		expect(await rowsIn(home, ABOUT)).toMatchObject([{ items: 20_000, stages: 1 }]);
	}, 120_000);
});

it("with DATABASE_URL both work on that Postgres, and a database with tables is refused", async () => {
	const where = { folder: join(first, "postgres"), binaries };
	const { url } = await startPostgres(where);
	const given = new URL(url);
	given.pathname = "/atelier";
	const empty = new URL(url);
	empty.pathname = "/given_empty";
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	await client.query("CREATE DATABASE given_empty");
	const file = join(folder, "given.tar");
	expect(await scriptOn(given.href, first, tool, "backup", file)).toMatchObject({ code: 0 });
	const used = await scriptOn(given.href, newHome("given-used"), tool, "restore", file);
	expect(used).toMatchObject({ code: 1, output: expect.stringContaining("has tables already") });
	expect(existsSync(join(folder, "given-used", "restoring.json"))).toBe(false);
	expect(await scriptOn(empty.href, newHome("given-empty"), tool, "restore", file)).toMatchObject({ code: 0 });
	await client.query("DROP DATABASE given_empty");
	await client.end();
	await stopPostgres(where);
}, 120_000);

it("a data folder that was moved comes up with what it had", async () => {
	const before = await rowsIn(first, ABOUT);
	renameSync(first, join(folder, "moved"));
	expect(await rowsIn(join(folder, "moved"), ABOUT)).toEqual(before);
	renameSync(join(folder, "moved"), first);
}, 60_000);

/** @param {Buffer} bytes @param {number} at */
function flipped(bytes, at) {
	const copy = Buffer.from(bytes);
	copy[at] = (copy[at] ?? 0) ^ 1;
	return copy;
}
