import { contentKey, type PlannedStage } from "@atelier/core";
import { createDatabase, type Database } from "@atelier/db";
import { createTestDatabase, type TestDatabase } from "@atelier/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
	cancelRuns,
	createLaunch,
	estimateDurations,
	openQueue,
	type Queue,
	queueOrder,
	retryRuns,
	settleRuns,
} from "../src";

let database: TestDatabase;
let db: Database;
let queue: Queue;

beforeAll(async () => {
	database = await createTestDatabase();
	db = createDatabase(database.url);
	queue = await openQueue(database.url, "sender");
}, 60_000);
afterAll(async () => {
	await queue?.stop();
	await db?.$disconnect();
	await database?.drop();
});
beforeEach(async () => {
	await db.$executeRaw`DELETE FROM pgboss.job`;
	await db.launch.deleteMany();
	await db.stage.deleteMany();
	await db.dataset.deleteMany();
});

async function dataset(id: string, purchases = 10): Promise<string> {
	const counts = { searches: 0, clicks: 0, purchases };
	await db.dataset.create({ data: { id, name: id, format: "atelier", status: "ready", request: {}, counts } });
	return id;
}

function stage(
	datasetId: string,
	kind: PlannedStage["kind"],
	inputs: Record<string, string> = {},
	params = {},
): PlannedStage {
	const key = contentKey({ datasetId, kind, inputs, params });
	return { key, kind, where: "worker", revision: 1, params, inputs, datasetId, needsDataset: true, seed: 0 };
}

/** split → baseline → evaluate; the split is the same for every model. */
function planOf(datasetId: string, model: string) {
	const split = stage(datasetId, "split");
	const baseline = stage(datasetId, "baseline", { split: split.key }, { model });
	const evaluate = stage(datasetId, "evaluate", { split: split.key, baseline: baseline.key });
	return { split, baseline, evaluate, plan: [split, baseline, evaluate] };
}

async function launch(...runs: { datasetId: string; plan: PlannedStage[] }[]): Promise<string[]> {
	const rest = { method: "m", variant: "full", setting: "full", seed: 0, config: {} };
	const input = { suite: "s", preset: "p", request: { a: [1] }, runs: runs.map((run) => ({ ...rest, ...run })) };
	return (await createLaunch(db, queue, input)).runIds;
}

const ready = async () => (await queueOrder(db)).map(({ key }) => key);
const statusOf = async ({ key }: PlannedStage) => (await db.stage.findUniqueOrThrow({ where: { key } })).status;
const setStatus = (stages: PlannedStage[], status: "running" | "succeeded" | "failed" | "queued", error?: string) =>
	db.stage.updateMany({ where: { key: { in: stages.map(({ key }) => key) } }, data: { status, error } });
const runOf = (id = "") => db.run.findUniqueOrThrow({ where: { id } });

describe("a launch", () => {
	it("shares a stage between its runs; ready is what has no open input", async () => {
		const id = await dataset("a");
		const [sasrec, core] = [planOf(id, "sasrec"), planOf(id, "core")];
		await launch({ datasetId: id, plan: sasrec.plan }, { datasetId: id, plan: core.plan });
		expect(await db.stage.count()).toBe(5);
		expect(await ready()).toEqual([sasrec.split.key]);
		await setStatus([sasrec.split], "succeeded");
		expect((await ready()).sort()).toEqual([core.baseline.key, sasrec.baseline.key].sort());
		await setStatus([sasrec.split], "queued");
		expect(await ready()).toEqual([sasrec.split.key]);
	});

	it("reuses what has succeeded and queues again what failed", async () => {
		const id = await dataset("a");
		const { split, baseline, plan } = planOf(id, "core");
		await launch({ datasetId: id, plan });
		await setStatus([split], "succeeded");
		await setStatus([baseline], "failed", "broke");
		const [second] = await launch({ datasetId: id, plan });
		expect(await statusOf(baseline)).toBe("queued");
		expect(await ready()).toContain(baseline.key);
		const stages = await db.runStage.findMany({ where: { runId: second }, orderBy: { ordinal: "asc" } });
		expect(stages.map(({ reused }) => reused)).toEqual([true, false, false]);
	});

	it("whose stages have all succeeded is handed to the worker to be filled", async () => {
		const id = await dataset("a");
		const { plan } = planOf(id, "core");
		await launch({ datasetId: id, plan });
		await setStatus(plan, "succeeded");
		const [second] = await launch({ datasetId: id, plan });
		const jobs = await db.$queryRaw<
			{ key: string }[]
		>`SELECT singleton_key AS key FROM pgboss.job WHERE name = 'finish-run'`;
		expect(jobs.map(({ key }) => key)).toContain(second);
	});

	it("that is not JSON is refused whole", async () => {
		const id = await dataset("a");
		const { plan } = planOf(id, "core");
		const run = {
			datasetId: id,
			method: "m",
			variant: "full",
			setting: "full",
			seed: 0,
			config: { at: () => 1 },
			plan,
		};
		await expect(createLaunch(db, queue, { suite: "s", preset: "p", request: {}, runs: [run] })).rejects.toThrow();
		expect([await db.launch.count(), await db.stage.count()]).toEqual([0, 0]);
	});
});

describe("a run", () => {
	it("runs with its first stage, and fails with the first that fails, naming it", async () => {
		const id = await dataset("a");
		const { split, baseline, evaluate, plan } = planOf(id, "core");
		const [runId] = await launch({ datasetId: id, plan });
		await setStatus([split], "running");
		await settleRuns(db, split.key);
		expect(await runOf(runId)).toMatchObject({ status: "running", finishedAt: null });
		await setStatus([split], "succeeded");
		await setStatus([baseline], "failed", "no memory");
		await settleRuns(db, baseline.key);
		const run = await runOf(runId);
		expect(run).toMatchObject({ status: "failed", error: "baseline: no memory" });
		expect(run.finishedAt).not.toBeNull();
		expect(await statusOf(evaluate)).toBe("cancelled");
	});

	it("leaves another run its stages when it fails", async () => {
		const id = await dataset("a");
		const [sasrec, core] = [planOf(id, "sasrec"), planOf(id, "core")];
		const [first, second] = await launch({ datasetId: id, plan: sasrec.plan }, { datasetId: id, plan: core.plan });
		await setStatus([sasrec.split], "succeeded");
		await settleRuns(db, sasrec.split.key);
		await setStatus([sasrec.baseline], "failed", "broke");
		await settleRuns(db, sasrec.baseline.key);
		expect([(await runOf(first)).status, (await runOf(second)).status]).toEqual(["failed", "queued"]);
		expect(await statusOf(core.baseline)).toBe("queued");
	});
});

describe("cancelling a run", () => {
	it("keeps the stages that another live run needs, and stops the others", async () => {
		const id = await dataset("a");
		const [sasrec, core] = [planOf(id, "sasrec"), planOf(id, "core")];
		const [first] = await launch({ datasetId: id, plan: sasrec.plan }, { datasetId: id, plan: core.plan });
		await setStatus([sasrec.split], "running");
		expect(await cancelRuns(db, [first ?? ""])).toEqual({ cancelled: 1 });
		expect(await statusOf(sasrec.split)).toBe("running");
		expect(await statusOf(sasrec.baseline)).toBe("cancelled");
		expect(await statusOf(core.baseline)).toBe("queued");
	});

	it("and retrying it brings back what was cancelled and keeps what had succeeded", async () => {
		const id = await dataset("a");
		const { split, baseline, plan } = planOf(id, "core");
		const [runId = ""] = await launch({ datasetId: id, plan });
		await setStatus([split], "succeeded");
		await setStatus([baseline], "running");
		await cancelRuns(db, [runId]);
		expect(await statusOf(baseline)).toBe("cancelled");
		expect(await retryRuns(db, queue, [runId])).toEqual({ retried: 1 });
		expect([await statusOf(split), await statusOf(baseline)]).toEqual(["succeeded", "queued"]);
		expect(await runOf(runId)).toMatchObject({ status: "queued", error: null, finishedAt: null });
		expect(await retryRuns(db, queue, [runId])).toEqual({ retried: 0 });
	});
});

describe("an estimate", () => {
	it("scales what the same model took by the datasets' interactions, and is null for what never ran", async () => {
		const [small, large] = [await dataset("small", 100), await dataset("large", 400)];
		const [core, sasrec] = [planOf(small, "core"), planOf(small, "sasrec")];
		await launch({ datasetId: small, plan: core.plan }, { datasetId: small, plan: sasrec.plan });
		await setStatus([core.baseline, sasrec.baseline], "succeeded");
		await db.stage.update({ where: { key: core.baseline.key }, data: { durationMs: 1_000 } });
		await db.stage.update({ where: { key: sasrec.baseline.key }, data: { durationMs: 50 } });
		const wanted = planOf(large, "core");
		const estimates = await estimateDurations(db, wanted.plan);
		expect(wanted.plan.map(({ key }) => estimates.get(key))).toEqual([null, 4_000, null]);
	});

	it("takes nothing from a language model of another size", async () => {
		const id = await dataset("llm", 100);
		const base = (hiddenSize: number) =>
			stage(id, "base-model", {}, { source: "scratch", model: null, hiddenSize, layers: 3 });
		const [narrow, wide] = [base(64), base(512)];
		const tuned = ({ key }: PlannedStage, epochs: number) => stage(id, "fine-tune", { baseModel: key }, { epochs });
		const past = tuned(narrow, 1);
		await launch({ datasetId: id, plan: [narrow, past] });
		await setStatus([narrow, past], "succeeded");
		await db.stage.update({ where: { key: past.key }, data: { durationMs: 3_000 } });
		const [longer, other] = [tuned(narrow, 2), tuned(wide, 2)];
		const estimates = await estimateDurations(db, [wide, longer, other]);
		expect([estimates.get(longer.key), estimates.get(other.key)]).toEqual([3_000, null]);
	});
});
