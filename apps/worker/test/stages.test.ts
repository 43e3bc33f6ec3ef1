import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cancelRuns, retryRuns } from "@atelier/jobs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startWorker, type Worker } from "../src/worker";
import {
	hasProcess,
	launchOneStage,
	openWorkplace,
	pidOf,
	setTrainer,
	until,
	type Workplace,
} from "./support/workplace";

let place: Workplace;
let worker: Worker | undefined;

beforeAll(async () => {
	place = await openWorkplace();
}, 60_000);
afterEach(async () => {
	await worker?.stop();
	worker = undefined;
	for (const name of Object.keys(process.env)) if (name.startsWith("FAKE_TRAINER_")) delete process.env[name];
	await setTrainer(place.home, "ready");
}, 30_000);
afterAll(() => place?.close());

const work = async () => {
	worker = await startWorker(place.env(), () => undefined);
};
const stageOf = (key: string) => place.db.stage.findUniqueOrThrow({ where: { key } });
const runOf = (id: string) => place.db.run.findUniqueOrThrow({ where: { id } });
const attemptsOf = (stageKey: string) => place.db.attempt.findMany({ where: { stageKey }, orderBy: { number: "asc" } });
const processOf = (stageKey: string) =>
	until("the trainer runs", async () => pidOf((await attemptsOf(stageKey)).at(-1)) || null);

describe("a trainer stage", () => {
	it("succeeds with each of its events in the record once, in order", async () => {
		process.env.FAKE_TRAINER_STEPS = "8";
		const { key } = await launchOneStage(place);
		await work();
		await until("it has succeeded", async () => (await stageOf(key)).status === "succeeded");
		const events = await place.db.stageEvent.findMany({ where: { stageKey: key }, orderBy: { id: "asc" } });
		expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
	}, 30_000);

	it("that ends with bad data fails at once, and its run with it, saying why", async () => {
		process.env.FAKE_TRAINER_EXIT = "3";
		const { key, runId } = await launchOneStage(place);
		await work();
		await until("it has failed", async () => (await stageOf(key)).status === "failed");
		expect(await attemptsOf(key)).toMatchObject([{ status: "failed", exitCode: 3 }]);
		expect(await runOf(runId)).toMatchObject({ status: "failed", error: "baseline: told to end with 3" });
	}, 30_000);

	it("that fails otherwise is tried once more", async () => {
		process.env.FAKE_TRAINER_EXIT = "1";
		const { key } = await launchOneStage(place);
		await work();
		await until("it has failed", async () => (await stageOf(key)).status === "failed");
		expect(await attemptsOf(key)).toMatchObject([
			{ number: 1, exitCode: 1 },
			{ number: 2, exitCode: 1 },
		]);
	}, 30_000);

	it("whose process is killed is tried more often than one that fails by itself", async () => {
		process.env.FAKE_TRAINER_STEPS = "2000";
		const { key } = await launchOneStage(place);
		await work();
		for (const number of [1, 2, 3]) {
			const isUp = async () => pidOf((await attemptsOf(key)).find((attempt) => attempt.number === number));
			const pid = await until(`attempt ${number} runs`, isUp);
			if (number === 3) process.env.FAKE_TRAINER_STEPS = "3";
			process.kill(pid, "SIGKILL");
		}
		await until("it has succeeded", async () => (await stageOf(key)).status === "succeeded");
		expect((await attemptsOf(key)).map(({ status }) => status)).toEqual(["failed", "failed", "failed", "succeeded"]);
	}, 60_000);

	it("runs again when its run is retried", async () => {
		process.env.FAKE_TRAINER_EXIT = "3";
		const { key, runId } = await launchOneStage(place);
		await work();
		await until("it has failed", async () => (await stageOf(key)).status === "failed");
		process.env.FAKE_TRAINER_EXIT = "0";
		expect(await retryRuns(place.db, place.queue, [runId])).toEqual({ retried: 1 });
		await until("it has succeeded", async () => (await stageOf(key)).status === "succeeded");
		const folders = () => readdir(join(place.home, "store", "stages", "baseline", key));
		await until("the failed attempt's folder is gone", async () => (await folders()).length === 1);
	}, 30_000);

	it("waits until the trainer's environment is there", async () => {
		await setTrainer(place.home, "installing", "torch");
		const { key } = await launchOneStage(place);
		await work();
		await delay(1_500);
		expect(await stageOf(key)).toMatchObject({ status: "queued", ready: true });
		expect(await attemptsOf(key)).toEqual([]);
		await setTrainer(place.home, "ready");
		await until("it has succeeded", async () => (await stageOf(key)).status === "succeeded");
	}, 30_000);
});

describe("cancelling", () => {
	it("ends a process that ignores SIGTERM", async () => {
		process.env.FAKE_TRAINER_STEPS = "2000";
		process.env.FAKE_TRAINER_STUBBORN = "1";
		const { key, runId } = await launchOneStage(place);
		await work();
		const pid = await processOf(key);
		await until("its first event is in the record", () => place.db.stageEvent.count({ where: { stageKey: key } }));
		const startedAt = Date.now();
		expect(await cancelRuns(place.db, [runId])).toEqual({ cancelled: 1 });
		await until("the process is gone", async () => !hasProcess(pid), 10_000);
		// A second of grace, and what two busy cores add to it.
		expect(Date.now() - startedAt).toBeLessThan(5_000);
		expect(await stageOf(key)).toMatchObject({ status: "cancelled" });
		expect(await runOf(runId)).toMatchObject({ status: "cancelled" });
		await until("the attempt is closed", async () => (await attemptsOf(key))[0]?.finishedAt);
		expect(await readdir(join(place.home, "store", "stages", "baseline", key))).toEqual([]);
	}, 30_000);
});

describe("a worker that is stopped", () => {
	it("leaves its trainer at work, and the next worker takes up the same attempt", async () => {
		process.env.FAKE_TRAINER_STEPS = "80";
		const { key, runId } = await launchOneStage(place);
		await work();
		const pid = await processOf(key);
		await worker?.stop();
		worker = undefined;
		expect(hasProcess(pid)).toBe(true);
		expect(await stageOf(key)).toMatchObject({ status: "running" });
		expect(await runOf(runId)).toMatchObject({ status: "running" });
		expect(await place.db.workerHeartbeat.count()).toBe(0);

		await work();
		await until("it has succeeded", async () => (await stageOf(key)).status === "succeeded");
		expect(await attemptsOf(key)).toMatchObject([
			{ number: 1, status: "succeeded", handle: expect.stringMatching(`^${pid}@`) },
		]);
		const events = await place.db.stageEvent.findMany({ where: { stageKey: key }, orderBy: { id: "asc" } });
		expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 80 }, (_, index) => index + 1));
	}, 30_000);

	it("takes up what ended while no worker was there, without running it again", async () => {
		process.env.FAKE_TRAINER_STEPS = "20";
		const { key } = await launchOneStage(place);
		await work();
		const pid = await processOf(key);
		await worker?.stop();
		worker = undefined;
		await until("it has ended by itself", async () => !hasProcess(pid));
		await work();
		await until("it has succeeded", async () => (await stageOf(key)).status === "succeeded");
		expect(await attemptsOf(key)).toMatchObject([
			{ number: 1, status: "succeeded", handle: expect.stringMatching(`^${pid}@`) },
		]);
	}, 30_000);
});
