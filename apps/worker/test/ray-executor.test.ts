import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hostSettings, NO_NEEDS, planRun, receipt, stageSpec } from "@atelier/core";
import { createLaunch } from "@atelier/jobs";
import { attemptRef, datasetRef, openStore } from "@atelier/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRayInstalled } from "../../../scripts/lib/ray-environment.mjs";
import { type RayHead, startRayHead } from "../../../scripts/lib/ray-head.mjs";
import type { StageSubmission } from "../src/executors/executor";
import { RayExecutor } from "../src/executors/ray/ray-executor";
import { startWorker } from "../src/worker";
import { type ArtifactServer, startArtifactServer } from "./support/artifact-server";
import { readPreset } from "./support/preset";
import { openWorkplace, until, type Workplace } from "./support/workplace";

const CHECKOUT = fileURLToPath(new URL("../../..", import.meta.url));
const TRAINER = join(CHECKOUT, "packages/trainer");
const PYTHON = process.env.ATELIER_TRAINER_PYTHON ?? join(CHECKOUT, ".atelier/venvs/trainer/bin/python");
const isInstalled = existsSync(PYTHON) && isRayInstalled();
const why = isInstalled ? "" : " (skipped: Ray or the trainer is not installed; npm test installs both)";

let place: Workplace;
let head: RayHead;
let folder: string;
let artifacts: ArtifactServer;
let executor: RayExecutor;
/** The stage as it was made on this machine. */
let local: { key: string; path: string; datasetId: string; split: { key: string; path: string } };
let number = 100;

describe.runIf(isInstalled)(`a Ray host${why}`, () => {
	beforeAll(async () => {
		place = await openWorkplace();
		folder = await mkdtemp(join(tmpdir(), "atl-ray-"));
		// Each by itself, so that a head that is up is ended whatever became of the other.
		head = await startRayHead({ folder });
		await makeLocally();
		const store = openStore({ home: place.home });
		artifacts = await startArtifactServer(place.db, store);
		const settings = hostSettings.parse({ environment: "image", python: PYTHON });
		const addresses = { store, signer: artifacts.signer, consoleUrl: artifacts.url };
		const { address, token } = head;
		executor = new RayExecutor({ name: "gpu-1", address, token, settings }, addresses, TRAINER, 8_000);
	}, 240_000);
	afterAll(async () => {
		await head?.stop();
		await artifacts?.close();
		await place?.close();
		await rm(folder, { recursive: true, force: true });
	});

	async function makeLocally(): Promise<void> {
		const trainer = { ATELIER_TRAINER_PYTHON: PYTHON, ATELIER_TRAINER_PATH: TRAINER };
		const worker = await startWorker(place.env(trainer), () => undefined);
		const sample = { kind: "sample", category: "footwear", users: 60, seed: 1, group: null };
		await place.db.dataset.create({ data: { id: "sample-1", name: "shoes", format: "atelier", request: sample } });
		await place.queue.send("import-dataset", { datasetId: "sample-1" });
		const dataset = await until(
			"the sample is ready",
			() => place.db.dataset.findFirst({ where: { status: "ready" } }),
			90_000,
		);
		const preset = await readPreset("miniature");
		const about = { id: dataset.id, name: dataset.name, searches: 1, clicks: 1, purchases: 1 };
		const plan = planRun({ dataset: about, method: "popularity", preset, seed: 1 });
		const run = {
			datasetId: dataset.id,
			method: "popularity",
			variant: "full",
			setting: "full",
			seed: 1,
			config: preset,
			plan,
		};
		const launch = { suite: "test", preset: "miniature", request: {}, runs: [run] };
		await createLaunch(place.db, place.queue, launch);
		const made = (kind: string) => place.db.stage.findFirst({ where: { kind, status: "succeeded" } });
		const baseline = await until("the stage is made", () => made("baseline"), 90_000);
		const split = await made("split");
		await worker.stop();
		local = {
			...{ key: baseline.key, path: baseline.path ?? "", datasetId: dataset.id },
			split: { key: split?.key ?? "", path: split?.path ?? "" },
		};
	}

	/** Another attempt of that stage, for the host. */
	async function submission(params?: Record<string, unknown>): Promise<StageSubmission> {
		const id = randomUUID();
		const ref = attemptRef("baseline", local.key, id);
		const attemptFolder = join(place.home, "store", ref);
		await mkdir(attemptFolder, { recursive: true });
		number += 1;
		const row = { id, stageKey: local.key, number, workerId: "test", path: ref };
		await place.db.attempt.create({ data: { ...row, leaseUntil: new Date(Date.now() + 600_000) } });
		const stage = await place.db.stage.findUniqueOrThrow({ where: { key: local.key } });
		const spec = stageSpec.parse({
			...{ contract: 1, kind: "baseline", revision: stage.revision, key: local.key, seed: stage.seed },
			params: params ?? stage.params,
			inputs: { dataset: datasetRef(local.datasetId), split: local.split.path },
			...{ output: ref, device: "auto", threads: 1, attempt: id },
		});
		const inputKeys = { dataset: local.datasetId, split: local.split.key };
		return { command: "run", id, folder: attemptFolder, spec, inputKeys, needs: NO_NEEDS, resume: null };
	}

	const ended = (submitted: StageSubmission, handle: string, ms = 60_000) =>
		until(
			"it has ended",
			async () => {
				const state = await executor.state({ ...submitted, handle });
				return state.is === "ended" || state.is === "gone" ? state : null;
			},
			ms,
		);
	const receiptIn = async (at: string) => receipt.parse(JSON.parse(await readFile(join(at, "receipt.json"), "utf8")));

	it("a stage made there is the stage made here, byte for byte, and its events are all here", async () => {
		const submitted = await submission();
		const handle = await executor.submit(submitted);
		expect(await executor.submit(submitted)).toBe(handle);
		expect(await executor.find(submitted)).toBe(handle);
		expect(await ended(submitted, handle)).toEqual({ is: "ended", exitCode: 0, signal: null });
		await executor.collect(submitted);
		const here = await receiptIn(join(place.home, "store", local.path));
		expect((await receiptIn(submitted.folder)).outputs).toEqual(here.outputs);
		const { events } = await executor.events(submitted, 0);
		expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
		expect(events.at(-1)).toMatchObject({ type: "result", payload: here.result });
	}, 120_000);

	it("with a warm cache no byte of an input goes there again", async () => {
		artifacts.asked.length = 0;
		const submitted = await submission();
		await ended(submitted, await executor.submit(submitted));
		const read = artifacts.asked.filter(({ method }) => method === "GET").map(({ path }) => path);
		expect(read).toEqual([expect.stringMatching(/\/\.remote\/spec\.json$/)]);
	}, 60_000);
});
