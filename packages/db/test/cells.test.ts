import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createPool, type Pool } from "../src";
import { ensureDatabase, migrate } from "../src/migrate";
import { createTestDatabase, type TestDatabase } from "../src/testing";

const committed = fileURLToPath(new URL("../../../prisma/migrations", import.meta.url));

let database: TestDatabase;
let pool: Pool;
let folder: string;

/** A record as it was before it had cells, with runs in it. */
beforeAll(async () => {
	database = await createTestDatabase();
	folder = await mkdtemp(join(tmpdir(), "atelier-migrations-"));
	const older = (await readdir(committed)).filter((name) => /^\d/.test(name) && name < "0019");
	for (const name of older) await cp(join(committed, name), join(folder, name), { recursive: true });
	const url = await ensureDatabase(database.url, `${new URL(database.url).pathname.slice(1)}_old`);
	await migrate(url, folder);
	pool = createPool(url);
	await pool.query(
		`INSERT INTO dataset (id, name, format, request) VALUES ('d', 'd', 'atelier', '{}'), ('e', 'e', 'atelier', '{}');
		INSERT INTO launch (id, suite, preset, request) VALUES ('l', 's', 'p', '{}')`,
	);
	await addRuns(["old", 1, "succeeded"], ["newer", 2, "succeeded"], ["waiting", 3, "queued"]);
	await migrate(url);
	expect(await cells()).toEqual(["newer"]);
}, 60_000);
afterAll(async () => {
	await pool?.end();
	await database?.drop();
	await rm(folder, { recursive: true, force: true });
});
beforeEach(() => pool.query("DELETE FROM run"));

const LEAVE_ONE_OUT = { split: { protocol: "leave-one-out" }, evaluate: { k: 10, maskSeen: false } };

interface Added {
	dataset?: string;
	seed?: number;
	config?: unknown;
}

/** Runs of one cell unless said otherwise: id, minute, status. */
async function addRuns(...runs: [id: string, minute: number, status: string, added?: Added][]): Promise<void> {
	const rows = runs.map(([id, minute, status, added]) => ({
		...{ id, launch_id: "l", dataset_id: added?.dataset ?? "d", method: "ours", seed: added?.seed ?? 1, preset: "p" },
		...{ config: added?.config ?? LEAVE_ONE_OUT, status, created_at: new Date(60_000 * minute).toISOString() },
	}));
	await pool.query(
		`INSERT INTO run (id, launch_id, dataset_id, method, seed, preset, config, status, created_at)
		SELECT id, launch_id, dataset_id, method, seed, preset, config, status::"WorkStatus", created_at
		FROM jsonb_to_recordset($1) AS given(id text, launch_id text, dataset_id text, method text, seed int, preset text,
			config jsonb, status text, created_at timestamp)`,
		[JSON.stringify(rows)],
	);
}

async function cells(): Promise<string[]> {
	const { rows } = await pool.query<{ run_id: string }>("SELECT run_id FROM cell ORDER BY run_id");
	return rows.map((row) => row.run_id);
}

it("a run fills its cell when it succeeds, unless a newer one did", async () => {
	await addRuns(["a", 1, "queued"], ["b", 2, "running"]);
	expect(await cells()).toEqual([]);
	await pool.query("UPDATE run SET status = 'succeeded' WHERE id = 'b'");
	expect(await cells()).toEqual(["b"]);
	// The older one ends later.
	await pool.query("UPDATE run SET status = 'succeeded' WHERE id = 'a'");
	expect(await cells()).toEqual(["b"]);
	await pool.query("UPDATE run SET warnings = '[]'");
	expect(await cells()).toEqual(["b"]);
});

it("a seed and a protocol have cells of their own", async () => {
	const masked = { ...LEAVE_ONE_OUT, evaluate: { k: 10, maskSeen: true } };
	await addRuns(["a", 1, "succeeded"], ["b", 2, "succeeded", { seed: 2 }], ["c", 3, "succeeded", { config: masked }]);
	expect(await cells()).toEqual(["a", "b", "c"]);
	await addRuns(["d", 4, "succeeded"], ["e", 5, "succeeded", { seed: 2 }]);
	expect(await cells()).toEqual(["c", "d", "e"]);
});

it("the one before takes the place of a run that is removed or made again", async () => {
	await addRuns(["a", 1, "succeeded"], ["b", 2, "succeeded"], ["c", 3, "succeeded"], ["d", 4, "failed"]);
	await pool.query("DELETE FROM run WHERE id IN ('c', 'b')");
	expect(await cells()).toEqual(["a"]);
	await addRuns(["b", 2, "succeeded"]);
	await pool.query("UPDATE run SET status = 'queued' WHERE id = 'b'");
	expect(await cells()).toEqual(["a"]);
	await pool.query("DELETE FROM launch WHERE id = 'l'");
	expect(await cells()).toEqual([]);
	await pool.query("INSERT INTO launch (id, suite, preset, request) VALUES ('l', 's', 'p', '{}')");
});

it("a data set takes its cells along", async () => {
	await addRuns(["a", 1, "succeeded"], ["b", 2, "succeeded", { dataset: "e" }]);
	await pool.query("DELETE FROM dataset WHERE id = 'e'");
	expect(await cells()).toEqual(["a"]);
});

it("a configuration of any shape is recorded", async () => {
	const odd = { config: { baselines: [1], split: 3 } };
	await addRuns(["a", 1, "succeeded", { config: {} }], ["b", 2, "succeeded", odd], ["c", 3, "succeeded"]);
	// Of the two that say nothing, the newer.
	expect(await cells()).toEqual(["b", "c"]);
});

it("two that succeed at once, and two that are removed at once, leave the right one", async () => {
	await addRuns(["a", 1, "succeeded"], ["b", 2, "queued"], ["c", 3, "queued"]);
	const [one, other] = await Promise.all([pool.connect(), pool.connect()]);
	try {
		for (const client of [one, other]) await client.query("BEGIN");
		await one.query("UPDATE run SET status = 'succeeded' WHERE id = 'c'");
		const late = other.query("UPDATE run SET status = 'succeeded' WHERE id = 'b'");
		await one.query("COMMIT");
		await late;
		await other.query("COMMIT");
		expect(await cells()).toEqual(["c"]);
		for (const client of [one, other]) await client.query("BEGIN");
		await one.query("DELETE FROM run WHERE id = 'b'");
		// The next in line is just being removed: it waits for what becomes of it.
		const removal = other.query("DELETE FROM run WHERE id = 'c'");
		await one.query("COMMIT");
		await removal;
		await other.query("COMMIT");
	} finally {
		one.release();
		other.release();
	}
	expect(await cells()).toEqual(["a"]);
});

it("a thousand runs fill their cells in one pass", async () => {
	const runs = Array.from({ length: 1_000 }, (_, i): [string, number, string, Added] => {
		return [`run-${String(i).padStart(4, "0")}`, i, "succeeded", { seed: i % 100 }];
	});
	await addRuns(...runs);
	expect(await cells()).toEqual(runs.slice(900).map(([id]) => id));
	await pool.query("DELETE FROM run WHERE id IN (SELECT run_id FROM cell)");
	expect(await cells()).toEqual(runs.slice(800, 900).map(([id]) => id));
});
