import { mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { retryRuns } from "@atelier/jobs";
import { openStore } from "@atelier/store";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { startWorker, type Worker } from "../src/worker";
import { launchOneStage, openWorkplace, until, type Workplace } from "./support/workplace";

let place: Workplace;
let worker: Worker | undefined;

beforeAll(async () => {
	place = await openWorkplace();
}, 60_000);
afterEach(async () => {
	await worker?.stop();
	worker = undefined;
	delete process.env.FAKE_TRAINER_EXIT;
}, 30_000);
afterAll(() => place?.close());

it("an installation that is moved to another folder goes on with what it had made", async () => {
	process.env.FAKE_TRAINER_EXIT = "3";
	const { key, runId } = await launchOneStage(place);
	worker = await startWorker(place.env(), () => undefined);
	const stage = () => place.db.stage.findUniqueOrThrow({ where: { key } });
	await until("the stage has failed where it was", async () => (await stage()).status === "failed");
	await worker.stop();

	const moved = join(place.home, "elsewhere");
	await mkdir(moved);
	for (const name of ["store", "trainer.json"]) await rename(join(place.home, name), join(moved, name));
	delete process.env.FAKE_TRAINER_EXIT;
	worker = await startWorker(place.env({ ATELIER_HOME: moved }), () => undefined);
	await retryRuns(place.db, place.queue, [runId]);
	await until("it has succeeded where it is now", async () => (await stage()).status === "succeeded");
	expect(await readdir(openStore({ home: moved }).draft((await stage()).path ?? ""))).toContain("receipt.json");
	expect((await readdir(place.home)).includes("store")).toBe(false);
}, 60_000);
