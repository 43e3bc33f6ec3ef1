import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type PlannedStage, type Preset, planRun, storedEnvironment } from "@atelier/core";
import { askSlice, createLaunch, estimateDurations, type SliceRequest } from "@atelier/jobs";
import { openStore } from "@atelier/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { hasCheckpoint } from "../src/stages/earlier-checkpoint";
import { startWorker, type Worker } from "../src/worker";
import { exportedShoppers, importRanks, writeShoppers } from "./support/outside-files";
import { readPreset } from "./support/preset";
import { openWorkplace, pidOf, until, type Workplace } from "./support/workplace";

const CHECKOUT = fileURLToPath(new URL("../../..", import.meta.url));
/** `npm test` names the one that it has installed; a test file run by itself takes the checkout's. */
const PYTHON = process.env.ATELIER_TRAINER_PYTHON ?? join(CHECKOUT, ".atelier/venvs/trainer/bin/python");

/** Sums in another order differ in the last digit. */
const near = (values: Record<string, number>) =>
	Object.fromEntries(Object.entries(values).map(([name, value]) => [name, expect.closeTo(value, 14)]));

let place: Workplace;
let worker: Worker;
let preset: Preset;

const isInstalled = existsSync(PYTHON);
const why = isInstalled ? "" : ` (skipped: no trainer at ${PYTHON}; npm start or npm test installs it)`;

it.runIf(process.env.CI)("the trainer is installed, so that nothing here is skipped unseen", () => {
	expect(isInstalled, PYTHON).toBe(true);
});

describe.runIf(isInstalled)(`with the real trainer${why}`, () => {
	beforeAll(async () => {
		place = await openWorkplace();
		preset = await readPreset("miniature");
		const trainer = { ATELIER_TRAINER_PYTHON: PYTHON, ATELIER_TRAINER_PATH: join(CHECKOUT, "packages/trainer") };
		const env = place.env({ ...trainer, ATELIER_CHECKPOINT_SECONDS: "0.2" });
		worker = await startWorker(env, () => undefined);
		const sample = { kind: "sample", category: "footwear", users: 60, seed: 1, group: null };
		await place.db.dataset.create({ data: { id: "sample-1", name: "shoes", format: "atelier", request: sample } });
		await place.queue.send("import-dataset", { datasetId: "sample-1" });
		await until("the sample is ready", () => place.db.dataset.findFirst({ where: { status: "ready" } }), 60_000);
	}, 120_000);
	afterAll(async () => {
		await worker?.stop();
		await place?.close();
	});

	async function launch(method: "popularity" | "core" = "popularity", wanted: Preset = preset, limitMs = 90_000) {
		const dataset = await place.db.dataset.findFirstOrThrow();
		const plan = planRun({
			dataset: { id: dataset.id, name: dataset.name, searches: 1, clicks: 1, purchases: 1 },
			method,
			preset: wanted,
			seed: 1,
		});
		const run = { datasetId: dataset.id, method, variant: "full", setting: "full", seed: 1 };
		const runs = [{ ...run, config: wanted, plan }];
		const { runIds } = await createLaunch(place.db, place.queue, {
			suite: "test",
			preset: "miniature",
			request: {},
			runs,
		});
		const [id = ""] = runIds;
		await until(
			"the run has succeeded",
			async () => (await place.db.run.findUniqueOrThrow({ where: { id } })).status === "succeeded",
			limitMs,
		);
		return { id, plan, datasetId: dataset.id };
	}

	const metricOf = async (runId: string) =>
		(await place.db.metric.findFirstOrThrow({ where: { runId, slice: "all", name: "ndcg@10" } })).value;
	const ranksOf = async (plan: PlannedStage[]) => {
		const key = plan.find(({ kind }) => kind === "baseline")?.key ?? "";
		const { path } = await place.db.stage.findUniqueOrThrow({ where: { key } });
		return { key, file: join(openStore({ home: place.home }).draft(path ?? ""), "ranks.parquet") };
	};

	/** The run's cold shoppers, found by their attributes and their ranks alone, have the figures that evaluate gave them. */
	async function expectSlices(runId: string, plan: PlannedStage[]) {
		const split = plan.find(({ kind }) => kind === "split")?.key ?? "";
		const ofSplit = { where: { stageKey: split } };
		await until("the attributes were read", async () => (await place.db.exampleColumn.count(ofSplit)) > 10);
		// Damaged or of an earlier version: what is asked for is read again.
		await place.db.exampleColumn.deleteMany(ofSplit);
		const request: SliceRequest = {
			methods: [{ method: "popularity", runs: [{ runId, seed: 1 }] }],
			reference: null,
			metrics: ["recall", "ndcg"],
			k: 10,
			slice: "cold",
			by: null,
			columns: [split],
			seed: 1,
		};
		const view = await until(
			"the slice is there",
			async () => {
				const { computing, result } = await askSlice(place.db, request);
				if (computing?.failed) throw new Error(computing.failed);
				return computing === null ? result : null;
			},
			30_000,
		);
		const measured = await place.db.metric.findMany({ where: { runId, slice: "cold" } });
		expect(view.users).toBe(measured[0]?.count ?? 0);
		for (const [name, { value }] of Object.entries(view.groups[0]?.cells[0]?.metrics ?? {})) {
			expect(value).toBeCloseTo(measured.find((metric) => metric.name === name)?.value ?? 0, 12);
		}
	}

	it("a run goes from a dataset to metrics and predictions in the record", async () => {
		const { id, plan } = await launch();
		const examples = await place.db.example.findMany({ orderBy: { exampleId: "asc" } });
		const predictions = await place.db.prediction.findMany({ where: { runId: id }, orderBy: { exampleId: "asc" } });
		expect(predictions.map(({ exampleId }) => exampleId)).toEqual(examples.map(({ exampleId }) => exampleId));
		const recall = await place.db.metric.findFirstOrThrow({ where: { runId: id, slice: "all", name: "recall@10" } });
		const hits = predictions.filter(({ rank }) => rank !== null && rank <= 10).length;
		expect(recall.value).toBeCloseTo(hits / predictions.length, 10);
		// The inspector looks the target up in the dataset's own order.
		for (const { userId, targetOrd, targetItem, userKey } of examples) {
			const target = await place.db.interaction.findFirst({ where: { userId, ord: targetOrd } });
			expect(target).toMatchObject({ action: "purchase", itemId: targetItem, userKey });
		}
		await expectSlices(id, plan);
		const estimates = await estimateDurations(place.db, plan);
		for (const stage of await place.db.stage.findMany()) expect(estimates.get(stage.key)).toBe(stage.durationMs);
	}, 120_000);

	it("a run whose every stage has succeeded before is filled without running any of them", async () => {
		const before = await place.db.attempt.count();
		const { id } = await launch();
		expect(await place.db.attempt.count()).toBe(before);
		expect(await place.db.prediction.count({ where: { runId: id } })).toBe(await place.db.example.count());
		const stages = await place.db.runStage.findMany({ where: { runId: id } });
		expect(stages.every(({ reused }) => reused)).toBe(true);
	}, 60_000);

	it("ranks that were taken out and brought in again, as another method's, have its figures to the digit, and NumPy's", async () => {
		const { id } = await launch();
		const shoppers = await exportedShoppers(place, id);
		const file = await writeShoppers(place, "ranks.jsonl", shoppers);
		const { runId, error } = await importRanks(place, file, id);
		expect(error).toBe(null);
		const figures = (of: string | null) =>
			place.db.metric.findMany({
				where: { runId: of ?? "" },
				orderBy: [{ slice: "asc" }, { name: "asc" }],
				omit: { runId: true },
			});
		expect(await figures(runId)).toEqual(await figures(id));
		expect(await exportedShoppers(place, runId ?? "")).toEqual(shoppers);
		expect(await place.db.run.findUnique({ where: { id: runId ?? "" } })).toMatchObject({
			...{ method: "outside:Mine", variant: "full", setting: "full", seed: 7, status: "succeeded" },
		});
		const script = [
			"import json, sys, numpy as np",
			"rank = np.array([json.loads(row)['rank'] or np.inf for row in open(sys.argv[1], encoding='utf-8')])",
			"hit = rank <= 10",
			"gains = {'mrr@10': hit / rank, 'ndcg@10': hit / np.log2(rank + 1), 'recall@10': hit.astype(float)}",
			"print(json.dumps({name: float(gain.mean()) for name, gain in gains.items()}))",
		].join("\n");
		const numpy = z
			.record(z.string(), z.number())
			.parse(JSON.parse(execFileSync(PYTHON, ["-c", script, file], { encoding: "utf8" })));
		for (const { slice, name, value } of await figures(runId)) {
			if (slice === "all") expect(value, name).toBeCloseTo(numpy[name] ?? Number.NaN, 14);
		}

		// The same ranks again, written otherwise, are no second run.
		const again = await importRanks(place, await writeShoppers(place, "ranks.csv", shoppers), id);
		expect(again).toMatchObject({ status: "succeeded", runId, wasThere: true });
		// A file with one wrong shopper leaves nothing but what is wrong with it.
		const wrong = shoppers.map((shopper, place) => (place === 3 ? { ...shopper, userId: "nobody" } : shopper));
		const runs = await place.db.run.count();
		const refused = await importRanks(place, await writeShoppers(place, "wrong.csv", wrong), id);
		expect(refused).toMatchObject({
			status: "failed",
			runId: null,
			error: expect.stringMatching(/\(1\)\. First: line 5: nobody/),
		});
		// Nor does a file that is only tried.
		const tried = await importRanks(place, await writeShoppers(place, "try.jsonl", shoppers.slice().reverse()), id, {
			dryRun: true,
		});
		expect(tried).toMatchObject({ status: "succeeded", runId: null, report: { problems: [], metrics: near(numpy) } });
		expect(await place.db.run.count()).toBe(runs);
	}, 120_000);

	it("a stage that is killed, and then asked to leave, goes on from its checkpoints and has not failed", async () => {
		// Seconds of small steps: it still trains when its first checkpoint is seen.
		const core = { ...preset.baselines.core, batchSize: 4, maxEpochs: 30, patience: 30 };
		const running = launch("core", { ...preset, baselines: { ...preset.baselines, core } }, 150_000);
		const attempts = () =>
			place.db.attempt.findMany({ where: { stage: { kind: "baseline" } }, orderBy: { startedAt: "desc" } });
		const folderOf = (path: string) => openStore({ home: place.home }).draft(path);
		for (const [number, signal] of [
			[1, "SIGKILL"],
			[2, "SIGTERM"],
		] as const) {
			const trains = async () => {
				const [latest] = await attempts();
				const isIt = latest?.status === "running" && latest.number === number && pidOf(latest) > 0;
				return isIt && (await hasCheckpoint(folderOf(latest.path))) ? latest : null;
			};
			process.kill(pidOf(await until(`attempt ${number} has a checkpoint`, trains, 60_000)), signal);
		}
		const { plan } = await running;
		const key = plan.find(({ kind }) => kind === "baseline")?.key ?? "";
		const made = await place.db.attempt.findMany({ where: { stageKey: key }, orderBy: { number: "asc" } });
		expect(made).toMatchObject([
			{ status: "cancelled", error: expect.stringMatching(/was killed.* goes on from its checkpoint/) },
			{ status: "cancelled", error: "It was asked to leave. The next attempt goes on from its checkpoint." },
			{ status: "succeeded", error: null },
		]);
		const events = await place.db.stageEvent.findMany({
			where: { attemptId: made[2]?.id ?? "" },
			orderBy: { seq: "asc" },
		});
		const says = events.map(({ payload }) => JSON.stringify(payload)).join("\n");
		expect(says).toMatch(new RegExp(`resumed at step \\d+ of \\d+ \\(training\\), from attempt ${made[1]?.id}`));
		expect(existsSync(join(folderOf(made[2]?.path ?? ""), "checkpoints"))).toBe(false);
	}, 180_000);

	it("CORE's ranks in popularity's place do not become the figures of a run that would reuse them", async () => {
		const right = await launch();
		const core = await launch("core");
		expect(await metricOf(core.id)).not.toBe(await metricOf(right.id));
		const { key, file } = await ranksOf(right.plan);
		await copyFile((await ranksOf(core.plan)).file, file);
		// Evaluated anew, out of the ranks that are there.
		const { evaluate } = preset;
		const again = await launch("popularity", {
			...preset,
			evaluate: { ...evaluate, bootstrapSamples: evaluate.bootstrapSamples + 1 },
		});
		expect(await metricOf(again.id)).toBe(await metricOf(right.id));
		const attempts = await place.db.attempt.findMany({ where: { stageKey: key }, orderBy: { number: "asc" } });
		expect(attempts).toMatchObject([{ damage: expect.stringMatching(/^ranks\.parquet /) }, { damage: null }]);
		expect(storedEnvironment.parse(attempts[1]?.environment)).toMatchObject({
			device: expect.stringMatching(/cpu|cuda/),
			versions: { torch: expect.any(String) },
		});
	}, 240_000);
});
