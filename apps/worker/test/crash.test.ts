import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "@atelier/store";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { claimStage } from "../src/stages/claim-stage";
import { startWorker, type Worker } from "../src/worker";
import { hasProcess, launchOneStage, openWorkplace, pidOf, until, type Workplace } from "./support/workplace";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let place: Workplace;
let child: ChildProcess | undefined;
let worker: Worker | undefined;

beforeAll(async () => {
	place = await openWorkplace();
}, 60_000);
afterEach(async () => {
	child?.kill("SIGKILL");
	await worker?.stop();
}, 30_000);
afterAll(() => place?.close());

const attemptsOf = (stageKey: string) => place.db.attempt.findMany({ where: { stageKey }, orderBy: { number: "asc" } });
const statusOf = async (key: string) => (await place.db.stage.findUniqueOrThrow({ where: { key } })).status;

describe("a worker killed with SIGKILL", () => {
	it("leaves a trainer that the next worker takes up; no event is lost or doubled", async () => {
		const { key } = await launchOneStage(place);
		const variables = { ...process.env, ...place.variables(), FAKE_TRAINER_STEPS: "120" };
		child = spawn(process.execPath, ["--import", "tsx", MAIN], { env: variables, stdio: "inherit" });
		const seen = await until(
			"some events are in the record",
			async () => {
				const [attempt] = await attemptsOf(key);
				return attempt?.handle && attempt.lastSeq > 5 ? attempt : null;
			},
			30_000,
		);
		child.kill("SIGKILL");
		await until("the worker is gone", async () => child?.pid !== undefined && !hasProcess(child.pid));
		expect(hasProcess(pidOf(seen))).toBe(true);

		worker = await startWorker(place.env(), () => undefined);
		await until("the stage has succeeded", async () => (await statusOf(key)) === "succeeded");
		expect(await attemptsOf(key)).toMatchObject([{ id: seen.id, number: 1, status: "succeeded", workerId: worker.id }]);
		const events = await place.db.stageEvent.findMany({ where: { stageKey: key }, orderBy: { id: "asc" } });
		expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
		const file = await readFile(join(openStore({ home: place.home }).draft(seen.path), "events.ndjson"), "utf8");
		expect(file.trim().split("\n")).toHaveLength(120);
	}, 60_000);

	it("and of whose attempt nothing is left, has it run again as a new one", async () => {
		const { key } = await launchOneStage(place);
		// Its pid is another program's by now: this very process, which the kernel started at another time.
		const about = { hostname: hostname(), pid: process.pid, pidStartedAt: "0", slots: 1, startedAt: new Date() };
		const row = { ...about, seenAt: new Date(), trainer: {} };
		await place.db.workerHeartbeat.create({ data: { id: "dead", ...row } });
		await claimStage(place.db, openStore({ home: place.home }), "dead", key);

		worker = await startWorker(place.env(), () => undefined);
		await until("the stage has succeeded", async () => (await statusOf(key)) === "succeeded");
		expect(await attemptsOf(key)).toMatchObject([{ status: "failed" }, { number: 2, status: "succeeded" }]);
	}, 60_000);
});
