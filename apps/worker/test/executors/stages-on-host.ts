import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Preset, planRun } from "@atelier/core";
import { cancelRuns, createLaunch } from "@atelier/jobs";
import { startWorker, type Worker } from "../../src/worker";
import { readPreset } from "../support/preset";
import { hasProcess, until, type Workplace } from "../support/workplace";
import type { StartedHost } from "./test-host";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Workers and launches of the suite on one host, with the sample data set and its split made. */
export class StagesOnHost {
	private readonly children: ChildProcess[] = [];
	private readonly workers: Worker[] = [];
	private preset!: Preset;
	private datasetId = "";
	private number = 100;

	constructor(
		private readonly place: Workplace,
		private readonly host: StartedHost,
	) {}

	async prepare(): Promise<void> {
		const { place } = this;
		this.preset = await readPreset("miniature");
		const worker = await this.work();
		const sample = { kind: "sample", category: "footwear", users: 60, seed: 1, group: null };
		await place.db.dataset.create({ data: { id: "sample-1", name: "shoes", format: "atelier", request: sample } });
		await place.queue.send("import-dataset", { datasetId: "sample-1" });
		const dataset = await until(
			"the sample is ready",
			() => place.db.dataset.findFirst({ where: { status: "ready" } }),
			60_000,
		);
		this.datasetId = dataset.id;
		const { key } = await this.launch();
		await this.untilStage(key, "succeeded");
		await this.stopped(worker);
	}

	/** A worker in this process. */
	async work(): Promise<Worker> {
		const worker = await startWorker(this.place.env(this.host.variables), () => undefined);
		this.workers.push(worker);
		return worker;
	}

	async stopped(worker: Worker): Promise<void> {
		this.workers.splice(this.workers.indexOf(worker), 1);
		await worker.stop();
	}

	/** A worker in a process of its own, to be killed. */
	async startChild(): Promise<ChildProcess> {
		const known = new Set((await this.place.db.workerHeartbeat.findMany()).map(({ id }) => id));
		const env = { ...process.env, ...this.place.variables(this.host.variables) };
		const child = spawn(process.execPath, ["--import", "tsx", MAIN], { env, stdio: "ignore" });
		this.children.push(child);
		const isNew = async () => (await this.place.db.workerHeartbeat.findMany()).some(({ id }) => !known.has(id));
		await until("it announces itself", isNew, 60_000);
		return child;
	}

	async kill(child: ChildProcess): Promise<void> {
		child.kill("SIGKILL");
		await until("the worker is gone", async () => child.pid !== undefined && !hasProcess(child.pid));
	}

	/**
	 * Launches one trainer stage on the host, unlike all before: popularity, which takes no longer than its libraries do to
	 * load, or with `long` a SASRec that trains until it is ended.
	 */
	async launch({ long = false, inputs }: { long?: boolean; inputs?: Record<string, string> } = {}) {
		const { preset, datasetId } = this;
		this.number += 1;
		const { popularity, sasrec } = preset.baselines;
		const baselines = {
			...preset.baselines,
			popularity: { ...popularity, listLength: this.number },
			sasrec: { ...sasrec, listLength: this.number, maxEpochs: 1_000_000, patience: 1_000_000 },
		};
		const method = long ? ("sasrec" as const) : ("popularity" as const);
		const dataset = { id: datasetId, name: "shoes", searches: 1, clicks: 1, purchases: 1 };
		const whole = planRun({ dataset, method, preset: { ...preset, baselines }, seed: 1 });
		const plan = whole
			.filter(({ kind }) => kind === "split" || kind === "baseline")
			.map((stage) => (stage.kind === "baseline" && inputs ? { ...stage, inputs } : stage));
		const run = { datasetId, method, variant: "full", setting: "full", seed: 1, config: {}, plan };
		const { runIds } = await createLaunch(this.place.db, this.place.queue, {
			suite: "test",
			preset: "miniature",
			request: {},
			onHost: this.host.host,
			runs: [run],
		});
		return { key: plan.find(({ kind }) => kind === "baseline")?.key ?? "", runId: runIds[0] ?? "" };
	}

	stageOf(key: string) {
		return this.place.db.stage.findUniqueOrThrow({ where: { key } });
	}

	attemptsOf(stageKey: string) {
		return this.place.db.attempt.findMany({ where: { stageKey }, orderBy: { number: "asc" } });
	}

	async untilStage(key: string, status: "succeeded" | "failed"): Promise<void> {
		await until(`it has ${status}`, async () => (await this.stageOf(key)).status === status, 90_000);
	}

	/** The newest attempt, once it has said something: its trainer runs. */
	untilSpeaking(key: string) {
		return until(
			"its trainer speaks",
			async () => {
				const attempt = (await this.attemptsOf(key)).at(-1);
				return attempt && attempt.handle !== null && attempt.lastSeq > 0 ? attempt : null;
			},
			90_000,
		);
	}

	/** After each test: nothing of it goes on. */
	async clear(): Promise<void> {
		const live = await this.place.db.run.findMany({ where: { status: { in: ["queued", "running"] } } });
		await cancelRuns(
			this.place.db,
			live.map(({ id }) => id),
		);
		const open = { OR: [{ status: "running" as const }, { status: "cancelled" as const, finishedAt: null }] };
		// A worker in this process ends what runs: of killed ones nobody else would.
		if ((await this.place.db.attempt.count({ where: open })) > 0) {
			if (this.workers.length === 0) await this.work();
			await until("all has ended", async () => (await this.place.db.attempt.count({ where: open })) === 0, 60_000);
		}
		await Promise.all(this.workers.splice(0).map((worker) => worker.stop()));
		for (const child of this.children.splice(0)) child.kill("SIGKILL");
	}
}
