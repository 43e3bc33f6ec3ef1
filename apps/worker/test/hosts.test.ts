import { rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { StageNeeds } from "@atelier/core";
import { cancelRuns, createLaunch, fenceAttempts } from "@atelier/jobs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startWorker, type Worker } from "../src/worker";
import { cutFile, wired } from "./executors/wired-executor";
import { hasProcess, launchStages, openWorkplace, pidOf, until, type Workplace } from "./support/workplace";

let place: Workplace;
const workers: Worker[] = [];

beforeAll(async () => {
	place = await openWorkplace();
}, 60_000);
afterEach(async () => {
	for (const name of Object.keys(process.env)) if (name.startsWith("FAKE_TRAINER_")) delete process.env[name];
	for (const { name } of await place.db.host.findMany()) await rm(cutFile(place.home, name), { force: true });
	const live = await place.db.run.findMany({ where: { status: { in: ["queued", "running"] } } });
	await cancelRuns(
		place.db,
		live.map(({ id }) => id),
	);
	await until("all has ended", async () => (await place.db.attempt.count({ where: { status: "running" } })) === 0);
	await Promise.all(workers.splice(0).map((worker) => worker.stop()));
	await place.db.host.deleteMany({ where: { name: { not: "local" } } });
	await place.db.host.updateMany({ data: { draining: false } });
}, 60_000);
afterAll(() => place?.close());

async function work(): Promise<Worker> {
	const worker = await startWorker(place.env(), () => undefined, { ray: wired });
	workers.push(worker);
	return worker;
}
async function addHost(name: string, { slots = 1, gpus = 0 } = {}): Promise<void> {
	const address = `http://127.0.0.1:9/?gpus=${gpus}`;
	const facts = { gpus: Array.from({ length: gpus }, () => ({ name: "test", memoryBytes: 16e9 })), memoryBytes: 16e9 };
	await place.db.host.create({ data: { name, kind: "ray", address, slots, gpus, facts, state: "reachable" } });
}
const cut = (name: string) => writeFile(cutFile(place.home, name), "");
const mend = (name: string) => rm(cutFile(place.home, name));

/** Trainer stages that are ready, each of a run of its own. */
async function launch(
	count: number,
	{ onHost, needs, budgetGpuHours }: { onHost?: string; needs?: StageNeeds; budgetGpuHours?: number } = {},
) {
	const { plans, launchId } = await launchStages(place, count);
	// The same stages in the name of a launch that says where.
	const runs = plans.map((plan) => ({
		datasetId: plan[0]?.datasetId ?? "",
		method: "popularity",
		variant: "full",
		setting: "full",
		seed: 0,
		config: {},
		plan,
		...(needs && { needs: { baseline: needs } }),
	}));
	await place.db.launch.delete({ where: { id: launchId } });
	const launched = await createLaunch(place.db, place.queue, {
		suite: "test",
		preset: "test",
		request: {},
		onHost,
		budgetGpuHours,
		runs,
	});
	return { ...launched, runs, keys: plans.map((plan) => plan.at(-1)?.key ?? "") };
}
const attemptsOf = (keys: readonly string[]) =>
	place.db.attempt.findMany({ where: { stageKey: { in: [...keys] } }, orderBy: { startedAt: "asc" } });
const succeeded = (keys: readonly string[]) =>
	place.db.stage.count({ where: { key: { in: [...keys] }, status: "succeeded" } });
const running = (keys: readonly string[]) =>
	until("it runs", async () => (await attemptsOf(keys)).find(({ handle, status }) => handle && status === "running"));

describe("a host that does not answer", () => {
	it("keeps its stage running and says since when; nothing takes its place, and no event is lost when it is back", async () => {
		process.env.FAKE_TRAINER_STEPS = "60";
		await addHost("far");
		const { keys } = await launch(1, { onHost: "far" });
		await work();
		const attempt = await running(keys);
		await cut("far");
		await until("it is unreachable", async () => (await attemptsOf(keys))[0]?.unreachableSince);
		// Longer than the trainer takes: it ends meanwhile, and nobody can see that.
		await until("its process has ended", async () => !hasProcess(pidOf(attempt)));
		await delay(2_000);
		expect(await attemptsOf(keys)).toMatchObject([{ id: attempt.id, status: "running" }]);
		await mend("far");
		await until("it has succeeded", async () => (await succeeded(keys)) === 1);
		expect(await attemptsOf(keys)).toMatchObject([{ id: attempt.id, status: "succeeded", unreachableSince: null }]);
		const events = await place.db.stageEvent.findMany({ where: { attemptId: attempt.id }, orderBy: { id: "asc" } });
		expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
	}, 90_000);

	it("is left to the next worker as it is, when its worker is gone", async () => {
		process.env.FAKE_TRAINER_STEPS = "4000";
		await addHost("far");
		const { keys } = await launch(1, { onHost: "far" });
		const first = await work();
		const attempt = await running(keys);
		await cut("far");
		await until("it is unreachable", async () => (await attemptsOf(keys))[0]?.unreachableSince);
		workers.splice(workers.indexOf(first), 1);
		await first.stop();
		const second = await work();
		await until("it is taken over", async () => (await attemptsOf(keys))[0]?.workerId === second.id);
		expect(await attemptsOf(keys)).toMatchObject([{ id: attempt.id, status: "running" }]);
		await mend("far");
		await until("it is back", async () => (await attemptsOf(keys))[0]?.unreachableSince === null);
		expect(hasProcess(pidOf(attempt))).toBe(true);
	}, 90_000);

	it("is replaced once a person fences it; the old attempt cannot commit, and ends when the host is back", async () => {
		process.env.FAKE_TRAINER_STEPS = "4000";
		await addHost("far", { slots: 2 });
		const { keys, runIds } = await launch(1, { onHost: "far" });
		await work();
		const attempt = await running(keys);
		await expect(fenceAttempts(place.db, runIds)).rejects.toThrow(/Nothing to fence/);
		await cut("far");
		await until("it is unreachable", async () => (await attemptsOf(keys))[0]?.unreachableSince);
		expect(await fenceAttempts(place.db, runIds)).toEqual({ fenced: keys });
		expect(await attemptsOf(keys)).toMatchObject([{ status: "cancelled", error: expect.stringContaining("Fenced") }]);
		process.env.FAKE_TRAINER_STEPS = "3";
		expect(hasProcess(pidOf(attempt))).toBe(true);
		await mend("far");
		await until("the stage has succeeded", async () => (await succeeded(keys)) === 1, 40_000);
		expect(await attemptsOf(keys)).toMatchObject([{ id: attempt.id, status: "cancelled" }, { status: "succeeded" }]);
		await until("the old process is gone", async () => !hasProcess(pidOf(attempt)), 40_000);
		await until("that is noted", async () => (await attemptsOf(keys))[0]?.unreachableSince === null);
	}, 120_000);

	it("holds no cancelled run up: its attempt is closed at once, and what may run is ended later", async () => {
		process.env.FAKE_TRAINER_STEPS = "4000";
		await addHost("far");
		const { keys, runIds } = await launch(1, { onHost: "far" });
		await work();
		const attempt = await running(keys);
		await cut("far");
		await until("it is unreachable", async () => (await attemptsOf(keys))[0]?.unreachableSince);
		await cancelRuns(place.db, runIds);
		await until("it is closed", async () => (await attemptsOf(keys))[0]?.finishedAt, 10_000);
		expect(hasProcess(pidOf(attempt))).toBe(true);
		await mend("far");
		await until("its process is gone", async () => !hasProcess(pidOf(attempt)), 40_000);
	}, 90_000);
});

describe("the queue of several hosts", () => {
	it("counts a host's slots over all workers, and local's for each of them", async () => {
		process.env.FAKE_TRAINER_STEPS = "20";
		await addHost("far", { slots: 3 });
		const [there, here] = [await launch(8, { onHost: "far" }), await launch(6, { onHost: "local" })];
		await Promise.all([work(), work()]);
		let most = 0;
		await until(
			"all have succeeded",
			async () => {
				most = Math.max(most, await place.db.attempt.count({ where: { host: "far", status: "running" } }));
				return (await succeeded([...there.keys, ...here.keys])) === 14;
			},
			90_000,
		);
		expect(most).toBe(3);
		const attempts = await attemptsOf([...there.keys, ...here.keys]);
		expect(attempts).toHaveLength(14);
		expect(attempts.every(({ host, stageKey }) => (host === "far") === there.keys.includes(stageKey))).toBe(true);
		// By when they began and ended in the record: never more at once than there are slots.
		const far = attempts.filter(({ host }) => host === "far");
		for (const { startedAt: at } of far) {
			expect(far.filter((other) => other.startedAt <= at && (other.finishedAt ?? at) > at).length).toBeLessThanOrEqual(
				3,
			);
		}
	}, 120_000);

	it("puts what needs a GPU where one is free, and keeps what needs none off a host that has some", async () => {
		await addHost("gpu-1", { slots: 4, gpus: 1 });
		process.env.FAKE_TRAINER_STEPS = "20";
		const gpu = await launch(3, { needs: { pool: "gpu", gpus: 1, memoryGb: 12 } });
		const cpu = await launch(2);
		const large = await launch(1, { needs: { pool: "gpu", gpus: 1, memoryGb: 80 } });
		await work();
		await until("all that fit have succeeded", async () => (await succeeded([...gpu.keys, ...cpu.keys])) === 5, 60_000);
		const on = async (keys: readonly string[]) => new Set((await attemptsOf(keys)).map(({ host }) => host));
		expect(await on(gpu.keys)).toEqual(new Set(["gpu-1"]));
		expect(await on(cpu.keys)).toEqual(new Set(["local"]));
		expect(await attemptsOf(large.keys)).toEqual([]);
		const spans = (await attemptsOf(gpu.keys)).map(({ startedAt, finishedAt }) => [+startedAt, +(finishedAt ?? 0)]);
		// One GPU: one after the other, though four slots are free.
		for (const [index, [from = 0]] of spans.entries())
			if (index > 0) expect(from).toBeGreaterThanOrEqual(spans[index - 1]?.[1] ?? 0);
	}, 90_000);

	it("begins nothing on a host that drains, and lets what runs there end", async () => {
		process.env.FAKE_TRAINER_STEPS = "40";
		await addHost("far");
		const { keys } = await launch(2, { onHost: "far" });
		await work();
		await running(keys);
		await place.db.host.update({ where: { name: "far" }, data: { draining: true } });
		await until("the first has succeeded", async () => (await succeeded(keys)) === 1);
		await delay(2_000);
		expect(await attemptsOf(keys)).toHaveLength(1);
		await place.db.host.update({ where: { name: "far" }, data: { draining: false } });
		await until("both have succeeded", async () => (await succeeded(keys)) === 2);
	}, 60_000);

	it("reuses on one host what was made on another", async () => {
		await addHost("far");
		const { keys, runs } = await launch(1, { onHost: "far" });
		await work();
		await until("it has succeeded", async () => (await succeeded(keys)) === 1);
		const again = { suite: "test", preset: "test", request: {}, onHost: "local", runs };
		const { runIds } = await createLaunch(place.db, place.queue, again);
		const stages = await place.db.runStage.findMany({ where: { runId: { in: runIds } } });
		expect(stages.map(({ reused }) => reused)).toEqual([true, true]);
		expect(await attemptsOf(keys)).toMatchObject([{ host: "far", status: "succeeded" }]);
	}, 60_000);
});

it("a launch whose budget of GPU-hours is used up begins no more of its stages, and its runs say why", async () => {
	process.env.FAKE_TRAINER_STEPS = "40";
	await addHost("gpu-1", { slots: 1, gpus: 1 });
	const needs = { pool: "gpu", gpus: 1, memoryGb: null } as const;
	// The first may begin, since nothing was measured; it takes some seconds, and the budget is one.
	const { keys, runIds } = await launch(2, { needs, budgetGpuHours: 1 / 3_600 });
	await work();
	await until("the first has succeeded", async () => (await succeeded(keys)) === 1, 40_000);
	const failed = await until("the other is stopped", () =>
		place.db.run.findFirst({ where: { id: { in: runIds }, status: "failed" } }),
	);
	expect(failed.error).toMatch(/^baseline: not begun: the launch has a budget of 0\.00 GPU-hours and has used 0\.00/);
	expect(await attemptsOf(keys)).toHaveLength(1);
}, 90_000);
