import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CopyRow, copyInto, createDatabase, createPool, type Database, inTransaction, type Pool } from "../src";
import { createTestDatabase, type TestDatabase } from "../src/testing";

describe("copyInto", () => {
	let database: TestDatabase;
	let pool: Pool;
	let db: Database;

	beforeAll(async () => {
		database = await createTestDatabase();
		pool = createPool(database.url);
		db = createDatabase(database.url);
	}, 60_000);
	afterAll(async () => {
		await db?.$disconnect();
		await pool?.end();
		await database?.drop();
	});

	const queryColumns = ["stage_key", "query_id", "query", "derived", "searches"];

	it("brings every kind of value back as it was", async () => {
		const awkward = 'tab\there, line\nbreak, return\r, back\\slash, \\N, "quotes", {braces}, comma, ü 靴 👟';
		await copyInto(pool, "query", queryColumns, [["s", 1, awkward, true, 3]]);
		expect(await db.query.findMany()).toEqual([
			{ stageKey: "s", queryId: 1, query: awkward, derived: true, searches: 3 },
		]);

		await copyInto(
			pool,
			"dataset",
			["id", "name", "format", "request", "counts", "ready_at"],
			[["d", "hm", "mapping", { path: awkward }, null, new Date("2026-03-04T05:06:07.089Z")]],
		);
		expect(await db.dataset.findUniqueOrThrow({ where: { id: "d" } })).toMatchObject({
			request: { path: awkward },
			counts: null,
			readyAt: new Date("2026-03-04T05:06:07.089Z"),
		});

		await copyInto(pool, "embedding", ["stage_key", "ref_id", "vector"], [["s", 1, new Float32Array([0.5, -2, 1e-7])]]);
		expect((await pool.query("SELECT vector::text FROM embedding")).rows).toEqual([{ vector: "[0.5,-2,1e-07]" }]);

		await copyInto(
			pool,
			"candidates",
			["stage_key", "example_id", "items", "origins", "neighbours", "similarities"],
			[["s", 1, [7, 8], [], [1], [0.25, 1]]],
		);
		expect(await db.candidates.findFirst()).toMatchObject({ items: [7, 8], origins: [], similarities: [0.25, 1] });
	});

	it("brings text with quotes and commas inside arrays back as it was", async () => {
		await pool.query("CREATE TABLE words (words text[])");
		const words = ['a "quoted" one', "back\\slash", "comma, brace }", "", "NULL"];
		await copyInto(pool, "words", ["words"], [[words]]);
		expect((await pool.query("SELECT words FROM words")).rows).toEqual([{ words }]);
	});

	it("draws rows no faster than Postgres takes them", async () => {
		let drawn = 0;
		async function* rows(): AsyncGenerator<CopyRow> {
			for (; drawn < 50_000; drawn += 1) yield ["many", drawn, "x".repeat(200), false, 1];
		}
		// The table is locked: COPY cannot begin, so only what fits the buffers may be drawn.
		const client = await pool.connect();
		await client.query("BEGIN");
		await client.query("LOCK TABLE query IN ACCESS EXCLUSIVE MODE");
		const copy = copyInto(pool, "query", queryColumns, rows());
		await new Promise((resolve) => setTimeout(resolve, 300));
		expect(drawn).toBeLessThan(50_000);
		await client.query("ROLLBACK");
		client.release();
		expect(await copy).toBe(50_000);
		expect(await db.query.count({ where: { stageKey: "many" } })).toBe(50_000);
	});

	it("leaves the table as it was when the source of rows fails, and the connection usable", async () => {
		async function* rows(): AsyncGenerator<CopyRow> {
			yield ["failing", 1, "one", false, 1];
			throw new Error("line 2 is broken");
		}
		await expect(copyInto(pool, "query", queryColumns, rows())).rejects.toThrow("line 2 is broken");
		expect(await db.query.count({ where: { stageKey: "failing" } })).toBe(0);
		expect(await copyInto(pool, "query", queryColumns, [["failing", 1, "one", false, 1]])).toBe(1);
	});

	it("reports what Postgres refuses", async () => {
		await expect(copyInto(pool, "query", queryColumns, [["bad", "not a number", "q", false, 1]])).rejects.toThrow(
			/invalid input syntax for type integer/,
		);
		await expect(copyInto(pool, "query", queryColumns, [["short", 1]])).rejects.toThrow(/2 values for 5 columns/);
	});

	it("belongs to the caller's transaction on a connection of theirs", async () => {
		const failing = inTransaction(pool, async (client) => {
			await copyInto(client, "query", queryColumns, [["undone", 1, "q", false, 1]]);
			throw new Error("changed my mind");
		});
		await expect(failing).rejects.toThrow("changed my mind");
		expect(await db.query.count({ where: { stageKey: "undone" } })).toBe(0);
	});
});
