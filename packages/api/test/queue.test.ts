import { cancelRuns } from "@atelier/jobs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Console, seedDataset, startConsole } from "./console";

let running: Console;

beforeAll(async () => {
	running = await startConsole();
	await seedDataset(running, { id: "d".repeat(16), name: "shop" });
}, 60_000);
afterAll(() => running?.stop());
afterEach(async () => {
	const { db } = running.services;
	await db.workerHeartbeat.deleteMany();
	await db.launch.deleteMany();
	await db.stage.deleteMany();
});

const db = () => running.services.db;

/** A worker that reports, with two slots. */
async function seedWorker(trainer: object) {
	const times = { startedAt: new Date(), seenAt: new Date() };
	await db().workerHeartbeat.create({ data: { id: "w", hostname: "h", pid: 1, slots: 2, ...times, trainer } });
}
const launch = (methods: string[], more: object = {}) =>
	running.owner.launch.create({ suite: "baselines", datasets: ["shop"], methods, ...more });
const rowsOf = async (launchId: string) => (await running.owner.runs.list({ launch: launchId })).rows;
const setStage = (kind: string, status: "queued" | "running" | "succeeded") =>
	db().stage.updateMany({ where: { kind }, data: { status } });
/** An attempt that ran from one minute after the launch to another. */
async function worked(runId: string, kind: string, from: number, to: number) {
	const run = await db().run.findUniqueOrThrow({
		where: { id: runId },
		include: { stages: { include: { stage: true } } },
	});
	const key = run.stages.find(({ stage }) => stage.kind === kind)?.stageKey ?? "";
	const at = (minute: number) => new Date(run.createdAt.getTime() + minute * 60_000);
	const rest = {
		stageKey: key,
		number: from + 1,
		workerId: "w",
		path: "p",
		leaseUntil: at(0),
		status: "succeeded",
	} as const;
	await db().attempt.create({ data: { id: `${key}-${from}`, ...rest, startedAt: at(from), finishedAt: at(to) } });
}

describe("a run that waits", () => {
	it("says so while nobody is there to run it", async () => {
		const { launchId } = await launch(["core"]);
		expect(await rowsOf(launchId)).toMatchObject([{ status: "queued", waiting: { for: "worker" } }]);
	});

	it("says its place in the queue, and that the trainer is being installed where that is why", async () => {
		await seedWorker({ state: "ready" });
		const { launchId } = await launch(["sasrec", "core"]);
		// CORE's run has as many stages as the other; the split is shared, and next.
		const waiting = { for: "slot", stage: "split", position: 1, of: 1 };
		expect(await rowsOf(launchId)).toMatchObject([{ waiting }, { waiting }]);
		await setStage("split", "succeeded");
		const positions = (await rowsOf(launchId)).map(({ waiting: why }) => (why?.for === "slot" ? why.position : null));
		expect(positions.sort()).toEqual([1, 2]);
		await db().workerHeartbeat.update({
			where: { id: "w" },
			data: { trainer: { state: "installing", step: "torch" } },
		});
		const trainer = { for: "trainer", stage: "baseline", hasFailed: false, detail: "torch" };
		expect(await rowsOf(launchId)).toMatchObject([{ waiting: trainer }, { waiting: trainer }]);
	});

	it("says in which run the stage runs that it waits for; the counts are of what happens", async () => {
		await seedWorker({ state: "ready" });
		const { launchId, runIds } = await launch(["sasrec", "core"]);
		await setStage("split", "running");
		await cancelRuns(db(), []);
		const rows = await rowsOf(launchId);
		const owner = rows.find(({ status }) => status === "running")?.id;
		expect(runIds).toContain(owner);
		expect(rows.find(({ status }) => status === "queued")).toMatchObject({
			waiting: { for: "stage", stage: "split", runId: owner },
		});
		expect((await running.owner.overview.get()).runsByStatus).toEqual({ running: 1, queued: 1 });
	});

	it("knows when it starts from what such stages took, on the run's own page", async () => {
		await seedWorker({ state: "ready" });
		const past = await launch(["popularity", "sasrec"]);
		await setStage("split", "succeeded");
		await db().stage.updateMany({ where: { kind: "baseline" }, data: { status: "succeeded", durationMs: 60_000 } });
		await cancelRuns(db(), past.runIds);
		const { runIds } = await launch(["sasrec"], { seeds: [7, 8, 9] });
		const starts = await Promise.all(
			runIds.map(async (id) => (await running.owner.runs.get({ id })).waiting?.startsInMs ?? null),
		);
		// Two slots: the third starts when the first is done.
		expect(starts.sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual([0, 0, 60_000]);
	});
});

describe("what a run took", () => {
	it("is the time in which a stage of it ran, two at once counted once; the rest it waited", async () => {
		const { runIds } = await launch(["core"]);
		const [id = ""] = runIds;
		await worked(id, "split", 1, 3);
		await worked(id, "baseline", 2, 5);
		await worked(id, "evaluate", 18, 19);
		const run = await db().run.findUniqueOrThrow({ where: { id } });
		const finishedAt = new Date(run.createdAt.getTime() + 20 * 60_000);
		await db().run.update({ where: { id }, data: { status: "succeeded", finishedAt } });
		expect(await running.owner.runs.get({ id })).toMatchObject({
			workedMs: 5 * 60_000,
			waitedMs: 15 * 60_000,
			workedFrom: null,
		});
	});
});

describe("a cancelled run", () => {
	it("has no queued stages: those that others keep are over for it, and say that they go on", async () => {
		const { runIds } = await launch(["sasrec", "core"]);
		const [first = "", second = ""] = runIds;
		await setStage("split", "running");
		await cancelRuns(db(), [first]);
		const { stages } = await running.owner.runs.get({ id: first });
		expect(stages.map(({ status }) => status)).toEqual(stages.map(() => "cancelled"));
		expect(stages.filter(({ goesOn }) => goesOn).map(({ kind }) => kind)).toEqual(["split"]);
		const kept = await running.owner.runs.get({ id: second });
		expect(kept.stages[0]).toMatchObject({ kind: "split", status: "running", goesOn: false });
	});
});

describe("the order of the queue", () => {
	it("is changed by the beginning of a launch's id, within bounds", async () => {
		const { launchId } = await launch(["core"], { priority: 3 });
		expect(await rowsOf(launchId)).toMatchObject([{ priority: 3, movedUp: false }]);
		const changed = await running.owner.launch.prioritise({ launch: launchId.slice(0, 8), priority: -10 });
		expect(changed).toEqual({ launchId, priority: -10 });
		await expect(running.owner.launch.prioritise({ launch: launchId, priority: 11 })).rejects.toThrow(
			"priorities go from -10 to 10",
		);
		await expect(running.owner.launch.prioritise({ launch: "ffff", priority: 1 })).rejects.toThrow('No launch "ffff"');
	});
});
