import { createDatabase, createPool, type Database, type Pool } from "@atelier/db";
import { createTestDatabase, type TestDatabase } from "@atelier/db/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { markRunning, nextReadyStage, onQueue, queueOrder } from "../src";

const HERE = { host: "local", kinds: "all", gpus: 0, allGpus: 0, gpuMemoryGb: null, memoryGb: null } as const;

/** Launches and runs of each; every run has stages of its own behind those that the launch shares. */
const LAUNCHES = 200;
const RUNS = 100;
/** What the issue allows a slot to stand idle; on a machine that does nothing else it is some tens of milliseconds. */
const LIMIT_MS = 2_000;

let database: TestDatabase;
let db: Database;
let pool: Pool;

beforeAll(async () => {
	database = await createTestDatabase();
	db = createDatabase(database.url);
	pool = createPool(database.url);
	await pool.query(
		"INSERT INTO dataset (id, name, format, status, request) VALUES ('d', 'd', 'atelier', 'ready', '{}')",
	);
	await pool.query(
		`INSERT INTO launch (id, suite, preset, request, priority, created_at, turn_at)
		SELECT 'l' || l, 's', 'p', '{}', l % 3, moment, moment
		FROM generate_series(1, ${LAUNCHES}) AS l, LATERAL (SELECT timestamp '2026-01-01' + l * interval '1 second' AS moment)`,
	);
	await pool.query(
		`INSERT INTO run (id, launch_id, dataset_id, method, seed, preset, config, place)
		SELECT 'l' || l || 'r' || r, 'l' || l, 'd', 'm', 0, 'p', '{}', r
		FROM generate_series(1, ${LAUNCHES}) AS l, generate_series(1, ${RUNS}) AS r`,
	);
	// A split that succeeded and a base model for each launch; for each run a fine-tune and an evaluation.
	await pool.query(
		`INSERT INTO stage (key, kind, dataset_id, revision, params, seed, inputs, status)
		SELECT 'split', 'split', 'd', 1, '{}'::jsonb, 0, '{}'::jsonb, 'succeeded'::"WorkStatus"
		UNION ALL
		SELECT 'base' || l, 'base-model', 'd', 1, '{}', 0, '{"split": "split"}', 'queued' FROM generate_series(1, ${LAUNCHES}) AS l
		UNION ALL
		SELECT 'tune' || l || 'r' || r, 'fine-tune', 'd', 1, '{}', 0, jsonb_build_object('baseModel', 'base' || l), 'queued'
		FROM generate_series(1, ${LAUNCHES}) AS l, generate_series(1, ${RUNS}) AS r
		UNION ALL
		SELECT 'evaluate' || l || 'r' || r, 'evaluate', 'd', 1, '{}', 0, jsonb_build_object('from', 'tune' || l || 'r' || r), 'queued'
		FROM generate_series(1, ${LAUNCHES}) AS l, generate_series(1, ${RUNS}) AS r`,
	);
	await pool.query(
		`INSERT INTO run_stage (run_id, stage_key, ordinal)
		SELECT 'l' || l || 'r' || r, key, ordinal
		FROM generate_series(1, ${LAUNCHES}) AS l, generate_series(1, ${RUNS}) AS r, LATERAL (
			VALUES ('split', 0), ('base' || l, 1), ('tune' || l || 'r' || r, 2), ('evaluate' || l || 'r' || r, 3)
		) AS stages(key, ordinal)`,
	);
	await pool.query("ANALYZE");
	// The first query of a client loads its engine.
	await db.run.count();
}, 120_000);
afterAll(async () => {
	await pool?.end();
	await db?.$disconnect();
	await database?.drop();
});

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
	const from = performance.now();
	const value = await work();
	return { ms: performance.now() - from, value };
}

describe(`with ${(LAUNCHES * RUNS).toLocaleString("en-US")} runs waiting`, () => {
	it("ready stages are found by their index, not among all that wait", async () => {
		const { rows } = await pool.query(
			"EXPLAIN SELECT stage.key FROM stage JOIN run_stage ON run_stage.stage_key = stage.key WHERE stage.ready",
		);
		const plan = z.array(z.object({ "QUERY PLAN": z.string() })).parse(rows);
		const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
		expect(text).toContain("stage_ready_idx");
		expect(text).not.toMatch(/Seq Scan on stage/);
	});

	it("the next stage, the whole order and the running runs are there at once", async () => {
		const next = await timed(() => nextReadyStage(db, HERE));
		// The oldest of the launches with the highest priority.
		expect(next.value).toMatchObject({ key: "base2", launchId: "l2" });
		expect(next.ms).toBeLessThan(LIMIT_MS);
		const order = await timed(() => queueOrder(db));
		expect(order.value).toHaveLength(LAUNCHES);
		expect(order.ms).toBeLessThan(LIMIT_MS);
		expect((await timed(() => markRunning(db))).ms).toBeLessThan(LIMIT_MS);
	});

	it("a stage that ends makes its dependents ready, and one with nothing ready says so at once", async () => {
		const end = await timed(() =>
			onQueue(db, (tx) => tx.stage.update({ where: { key: "base2" }, data: { status: "succeeded" } })),
		);
		expect(end.ms).toBeLessThan(LIMIT_MS);
		expect(await db.stage.count({ where: { ready: true } })).toBe(LAUNCHES - 1 + RUNS);
		const none = await timed(() => nextReadyStage(db, { ...HERE, kinds: ["evaluate"] }));
		expect(none.value).toBeNull();
		expect(none.ms).toBeLessThan(LIMIT_MS);
	});
});
