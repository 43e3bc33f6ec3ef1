import type { StageKind } from "@atelier/core";
import { createDatabase, type Database } from "@atelier/db";
import { createTestDatabase, type TestDatabase } from "@atelier/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { endTurn, markRunning, moveRunsUp, nextReadyStage, onQueue, queueOrder, setLaunchPriority } from "../src";

const HERE = { host: "local", kinds: "all", gpus: 0, allGpus: 0, gpuMemoryGb: null, memoryGb: null } as const;

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
	database = await createTestDatabase();
	db = createDatabase(database.url);
}, 60_000);
afterAll(async () => {
	await db?.$disconnect();
	await database?.drop();
});
beforeEach(async () => {
	await db.launch.deleteMany();
	await db.stage.deleteMany();
	await db.dataset.deleteMany();
	await db.dataset.create({ data: { id: "d", name: "d", format: "atelier", status: "ready", request: {} } });
});

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

/** A launch made in this second, with a run for each list of stage keys. */
async function launch(id: string, second: number, priority: number, runs: Record<string, string[]>) {
	await db.launch.create({
		data: { id, suite: "s", preset: "p", request: {}, priority, createdAt: at(second), turnAt: at(second) },
	});
	const rest = { launchId: id, datasetId: "d", method: "m", seed: 0, preset: "p", config: {} };
	for (const [place, [runId, keys]] of Object.entries(runs).entries()) {
		await db.run.create({ data: { id: runId, place, ...rest } });
		await db.runStage.createMany({
			data: keys.map((stageKey, ordinal) => ({ runId, stageKey, ordinal })),
		});
	}
}

async function stages(kind: StageKind, ...keys: string[]) {
	const rest = { kind, datasetId: "d", revision: 1, params: {}, seed: 0, inputs: {} };
	await db.stage.createMany({ data: keys.map((key) => ({ key, ...rest })) });
}

/** Takes stages as free slots would, until none is ready. */
async function taken(): Promise<string[]> {
	const keys: string[] = [];
	for (;;) {
		const next = await onQueue(db, async (tx) => {
			const found = await nextReadyStage(tx, HERE);
			if (found === null) return null;
			await tx.stage.update({ where: { key: found.key }, data: { status: "running" } });
			await endTurn(tx, found);
			return found.key;
		});
		if (next === null) return keys;
		keys.push(next);
	}
}
const order = async () => (await queueOrder(db)).map(({ key }) => key);

describe("the order of stages", () => {
	it("is by the priority of the launch first", async () => {
		await stages("baseline", "low", "usual", "high");
		await launch("a", 1, -1, { r1: ["low"] });
		await launch("b", 2, 0, { r2: ["usual"] });
		await launch("c", 3, 1, { r3: ["high"] });
		expect(await order()).toEqual(["high", "usual", "low"]);
		expect(await taken()).toEqual(["high", "usual", "low"]);
	});

	it("lets launches of equal priority take turns, the oldest first, and a newcomer waits for its own", async () => {
		await stages("baseline", "a1", "a2", "a3", "b1", "b2");
		await launch("a", 1, 0, { r1: ["a1"], r2: ["a2"], r3: ["a3"] });
		await launch("b", 2, 0, { r4: ["b1"], r5: ["b2"] });
		const expected = ["a1", "b1", "a2", "b2", "a3"];
		expect(await order()).toEqual(expected);
		expect(await taken()).toEqual(expected);
	});

	it("does not let fresh launches overtake one that waits", async () => {
		await stages("baseline", "old");
		await launch("old", 1, 0, { r0: ["old"] });
		for (let fresh = 0; fresh < 5; fresh++) {
			await stages("baseline", `fresh${fresh}`);
			await launch(`fresh${fresh}`, 2 + fresh, 0, { [`run${fresh}`]: [`fresh${fresh}`] });
		}
		expect((await nextReadyStage(db, HERE))?.key).toBe("old");
	});

	it("puts what takes seconds before what trains, which is nobody's turn", async () => {
		await stages("evaluate", "b-evaluate");
		await stages("split", "a-split");
		await stages("baseline", "a-train", "b-train");
		await launch("a", 1, 0, { r1: ["a-split", "a-train"] });
		await launch("b", 2, 0, { r2: ["b-train", "b-evaluate"] });
		expect(await order()).toEqual(["a-split", "b-evaluate", "a-train", "b-train"]);
		expect(await taken()).toEqual(["a-split", "b-evaluate", "a-train", "b-train"]);
	});

	it("but not before what trains for a launch of higher priority", async () => {
		await stages("evaluate", "short");
		await stages("baseline", "long");
		await launch("a", 1, 0, { r1: ["short"] });
		await launch("b", 2, 5, { r2: ["long"] });
		expect(await order()).toEqual(["long", "short"]);
	});

	it("takes a shared stage with the foremost launch that needs it", async () => {
		await stages("baseline", "other", "shared");
		await launch("a", 1, 0, { r1: ["other"] });
		await launch("b", 2, -5, { r2: ["shared"] });
		await launch("c", 3, 3, { r3: ["shared"] });
		expect(await queueOrder(db)).toMatchObject([
			{ key: "shared", runId: "r3", launchId: "c", position: 1, of: 2 },
			{ key: "other", position: 2 },
		]);
	});

	it("changes with the priority of a launch, for what waits already", async () => {
		await stages("baseline", "a1", "b1");
		await launch("a", 1, 0, { r1: ["a1"] });
		await launch("b", 2, 0, { r2: ["b1"] });
		expect(await setLaunchPriority(db, "b", 4)).toBe(true);
		expect(await order()).toEqual(["b1", "a1"]);
		expect(await setLaunchPriority(db, "nobody", 4)).toBe(false);
	});

	it("begins with runs that were moved up, in the order given", async () => {
		await stages("baseline", "a1", "b1", "b2", "c1");
		await launch("a", 1, 9, { r1: ["a1"] });
		await launch("b", 2, 0, { r2: ["b1"], r3: ["b2"] });
		await launch("c", 3, -9, { r4: ["c1"] });
		expect(await moveRunsUp(db, ["r4", "r3"])).toEqual({ moved: 2 });
		expect(await order()).toEqual(["c1", "b2", "a1", "b1"]);
		expect(await taken()).toEqual(["c1", "b2", "a1", "b1"]);
	});

	it("passes over what only ended runs need, and what still ends", async () => {
		await stages("baseline", "dead", "ending", "alive");
		await launch("a", 1, 0, { r1: ["dead"], r2: ["ending"], r3: ["alive"] });
		await db.run.update({ where: { id: "r1" }, data: { status: "cancelled" } });
		const attempt = { stageKey: "ending", number: 1, status: "cancelled", workerId: "w", path: "p" } as const;
		await db.attempt.create({ data: { id: "t", ...attempt, leaseUntil: at(0) } });
		expect(await order()).toEqual(["alive"]);
		await db.attempt.update({ where: { id: "t" }, data: { finishedAt: at(1) } });
		expect(await order()).toEqual(["ending", "alive"]);
	});
});

describe("running", () => {
	const statuses = async () =>
		(await db.run.findMany({ orderBy: { id: "asc" } })).map(({ id, status }) => `${id} ${status}`);

	it("is a run while one of its own stages runs; those that share it wait for it", async () => {
		await stages("split", "shared");
		await stages("baseline", "a1", "b1");
		await launch("a", 1, 0, { r1: ["shared", "a1"], r2: ["shared"] });
		await launch("b", 2, 0, { r3: ["shared", "b1"] });
		await db.stage.update({ where: { key: "shared" }, data: { status: "running" } });
		await markRunning(db);
		expect(await statuses()).toEqual(["r1 running", "r2 queued", "r3 queued"]);
		await db.stage.update({ where: { key: "shared" }, data: { status: "succeeded" } });
		await db.stage.update({ where: { key: "b1" }, data: { status: "running" } });
		await markRunning(db);
		expect(await statuses()).toEqual(["r1 queued", "r2 queued", "r3 running"]);
	});

	it("passes to the next run that needs the stage when the first is cancelled", async () => {
		await stages("baseline", "shared");
		await launch("a", 1, 0, { r1: ["shared"], r2: ["shared"] });
		await db.stage.update({ where: { key: "shared" }, data: { status: "running" } });
		await db.run.update({ where: { id: "r1" }, data: { status: "cancelled" } });
		await markRunning(db);
		expect(await statuses()).toEqual(["r1 cancelled", "r2 running"]);
	});
});
