import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
	copyInto,
	createDatabase,
	createPool,
	type Database,
	indexEmbeddings,
	nearestQueries,
	type Pool,
} from "../src";
import { createTestDatabase, type TestDatabase } from "../src/testing";

const MANY = 20_500;
const DIMENSIONS = 8;

describe("neighbouring queries", () => {
	let database: TestDatabase;
	let pool: Pool;
	let db: Database;

	beforeAll(async () => {
		database = await createTestDatabase();
		pool = createPool(database.url);
		// One connection, so that its own statistics can be asked for.
		db = createDatabase(database.url, { connections: 1 });
		await addStage("few", "few-split", [
			["red boots", [1, 0]],
			["blue boots", [0.8, 0.6]],
			["summer hat", [0, 1]],
			["the opposite", [-1, 0]],
		]);
		await addStage("many", "many-split", randomQueries());
	}, 60_000);
	afterAll(async () => {
		await db?.$disconnect();
		await pool?.end();
		await database?.drop();
	});

	async function addStage(key: string, splitKey: string, queries: [string, number[]][]): Promise<void> {
		const stage = { revision: 1, params: {}, seed: 0, datasetId: "d" };
		await db.stage.create({ data: { ...stage, key, kind: "encode-queries", inputs: { split: splitKey } } });
		await copyInto(
			pool,
			"query",
			["stage_key", "query_id", "query", "derived", "searches"],
			queries.map(([query], id) => [splitKey, id, query, false, 1]),
		);
		await copyInto(
			pool,
			"embedding",
			["stage_key", "ref_id", "vector"],
			queries.map(([, vector], id) => [key, id, new Float32Array(vector)]),
		);
	}

	it("come nearest first with their cosine, from their own stage only", async () => {
		const found = await nearestQueries(db, { stageKey: "few", vector: [2, 0], limit: 3 });
		expect(found.map((each) => [each.queryId, each.query])).toEqual([
			[0, "red boots"],
			[1, "blue boots"],
			[2, "summer hat"],
		]);
		expect(found[1]?.similarity).toBeCloseTo(0.8, 6);
		expect(await nearestQueries(db, { stageKey: "none", vector: [1, 0], limit: 3 })).toEqual([]);
	});

	it("are searched without an index while they are few", async () => {
		expect(await indexEmbeddings(db, "few", 2)).toBe(false);
	});

	it("agree with an exact search once they are many and have an index, and the search uses it", async () => {
		const probes = randomQueries().slice(0, 20);
		const exact = await Promise.all(
			probes.map(([, vector]) => nearestQueries(db, { stageKey: "many", vector, limit: 10 })),
		);
		expect(await indexEmbeddings(db, "many", DIMENSIONS)).toBe(true);
		expect(await indexEmbeddings(db, "many", DIMENSIONS)).toBe(true);
		const before = await indexScans();
		let shared = 0;
		for (const [at, [, vector]] of probes.entries()) {
			const found = await nearestQueries(db, { stageKey: "many", vector, limit: 10 });
			const ids = new Set(exact[at]?.map((each) => each.queryId));
			shared += found.filter((each) => ids.has(each.queryId)).length;
		}
		expect(shared / (probes.length * 10)).toBeGreaterThan(0.95);
		expect(await indexScans()).toBe(before + probes.length);
	}, 60_000);

	async function indexScans(): Promise<number> {
		await db.$queryRaw`SELECT pg_stat_force_next_flush()::text`;
		const { rows } = await pool.query("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname LIKE '%hnsw_many'");
		return Number(rows[0]?.idx_scan ?? 0);
	}
});

/** The same vectors every time: a linear congruential generator. */
function randomQueries(): [string, number[]][] {
	let state = 42;
	const next = () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32 - 0.5;
	};
	return Array.from({ length: MANY }, (_, id) => [`query ${id}`, Array.from({ length: DIMENSIONS }, next)]);
}
