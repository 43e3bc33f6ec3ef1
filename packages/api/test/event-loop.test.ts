import { randomUUID } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Console, seedDataset, startConsole } from "./console";
import { seedRun } from "./measured";

const SHOP = "c".repeat(16);
const USERS = 30_000;
const EVENTS = 60_000;
const MOST_STALL_MS = 100;

let atelier: Console;
beforeAll(async () => {
	atelier = await startConsole();
	await seedDataset(atelier, { id: SHOP, name: "shop" });
}, 60_000);
afterAll(() => atelier?.stop());

/** The longest that the event loop was late during `work`; of three tries the best, since the machine stalls it too. */
async function leastStall(work: () => Promise<void>): Promise<number> {
	const stalls: number[] = [];
	for (let run = 0; run < 3 && Math.min(MOST_STALL_MS + 1, ...stalls) > MOST_STALL_MS; run += 1) {
		const delay = monitorEventLoopDelay({ resolution: 5 });
		delay.enable();
		await work();
		delay.disable();
		stalls.push(delay.max / 1e6);
	}
	return Math.min(...stalls);
}

it("asking for paired tests over many shoppers computes nothing in the console's event loop", async () => {
	const { db } = atelier.services;
	for (const method of ["ours", "core", "sasrec"]) {
		const runId = await seedRun(atelier, { datasetId: SHOP, method, ranks: [] });
		await db.$executeRaw`
			INSERT INTO prediction (run_id, example_id, user_id, ground_truth, rank, items, origins, cold)
			SELECT ${runId}, u, u, 1 + u % 90, 1 + (u * length(${method})) % 23, '{}', '{}', false
			FROM generate_series(1, ${USERS}) u`;
	}
	const stall = await leastStall(async () => {
		const { computing } = await atelier.owner.results.table2({ comparisons: true });
		expect(computing).toEqual({ done: 0, total: 2, failed: null });
		expect((await atelier.owner.results.findings({})).findings).toBeNull();
	});
	expect(stall).toBeLessThan(MOST_STALL_MS);
}, 120_000);

it("a curve of many events comes as 400 points, first and last among them, without stalling the event loop", async () => {
	const { db } = atelier.services;
	const key = randomUUID();
	await db.stage.create({
		data: { key, kind: "baseline", datasetId: SHOP, revision: 1, params: {}, seed: 0, inputs: {}, status: "running" },
	});
	await db.attempt.create({
		data: { id: key, stageKey: key, number: 1, workerId: "w", path: "p", leaseUntil: new Date() },
	});
	await db.$executeRaw`
		INSERT INTO stage_event (attempt_id, stage_key, seq, type, at, payload)
		SELECT ${key}, ${key}, n, 'metric', now(),
			jsonb_build_object('name', 'loss', 'step', n, 'value', 1.0 / n, 'split', CASE WHEN n % 1000 = 0 THEN 'valid' ELSE 'train' END)
		FROM generate_series(1, ${EVENTS}) n`;
	const stall = await leastStall(async () => {
		const [train, valid] = await atelier.owner.runs.metrics({ stageKey: key });
		expect(train?.points).toHaveLength(400);
		expect(train?.points[0]).toEqual({ step: 1, value: 1 });
		expect(train?.points.at(-1)?.step).toBe(EVENTS - 1);
		expect(valid).toMatchObject({ name: "loss", split: "valid" });
		expect(valid?.points.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => 1000 * (i + 1)));
	});
	expect(stall).toBeLessThan(MOST_STALL_MS);
}, 120_000);
