import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { contentKey, type PlannedStage, type StoredFile } from "@atelier/core";
import { createDatabase, type Database } from "@atelier/db";
import { createTestDatabase } from "@atelier/db/testing";
import { createLaunch, openQueue, type Queue } from "@atelier/jobs";
import { attemptRef, datasetRef } from "@atelier/store";
import { readEnv, type WorkerEnv } from "../../src/env";

const FAKE_TRAINER = fileURLToPath(new URL("../fake-trainer", import.meta.url));

/** A database, a home folder and a queue of one test file. */
export interface Workplace {
	url: string;
	home: string;
	db: Database;
	queue: Queue;
	/** Environment of a worker here, with the fake trainer unless told otherwise. */
	env(more?: Record<string, string>): WorkerEnv;
	/** The same, for a worker in a process of its own. */
	variables(more?: Record<string, string>): Record<string, string>;
	close(): Promise<void>;
}

export async function openWorkplace(): Promise<Workplace> {
	const database = await createTestDatabase();
	const home = await mkdtemp(join(tmpdir(), "atelier-worker-"));
	const db = createDatabase(database.url);
	const queue = await openQueue(database.url, "sender");
	await setTrainer(home, "ready");
	const variables = (more: Record<string, string> = {}) => ({
		DATABASE_URL: database.url,
		ATELIER_HOME: home,
		ATELIER_FILES: tmpdir(),
		ATELIER_TRAINER_PYTHON: "python3",
		ATELIER_TRAINER_PATH: FAKE_TRAINER,
		ATELIER_TRAINER_ENV: "FAKE_TRAINER_*",
		ATELIER_WORKER_SLOTS: "2",
		...more,
	});
	return {
		url: database.url,
		home,
		db,
		queue,
		variables,
		env: (more) => readEnv(variables(more)),
		async close() {
			await queue.stop();
			await db.$disconnect();
			await database.drop();
			await rm(home, { recursive: true, force: true });
		},
	};
}

export async function setTrainer(home: string, state: "installing" | "ready" | "failed", message = ""): Promise<void> {
	await writeFile(join(home, "trainer.json"), JSON.stringify({ state, step: "", message }));
}

/**
 * A live run that needs one trainer stage (`baseline`), which is ready to start: its split has succeeded already.
 *
 * @returns keys of its stages
 */
export async function launchOneStage(
	place: Workplace,
): Promise<{ runId: string; key: string; splitKey: string; plan: PlannedStage[] }> {
	const { runIds, keys, splitKey, plans } = await launchStages(place, 1);
	return { runId: runIds[0] ?? "", key: keys[0] ?? "", splitKey, plan: plans[0] ?? [] };
}

/** A launch on a dataset of its own, of as many such runs; each has a trainer stage to itself. */
export async function launchStages(
	place: Workplace,
	count: number,
): Promise<{ launchId: string; runIds: string[]; keys: string[]; splitKey: string; plans: PlannedStage[][] }> {
	const datasetId = randomUUID().slice(0, 16);
	const path = datasetRef(datasetId);
	const files = await storeFiles(place.home, path, { "items.parquet": "items" });
	await place.db.dataset.create({
		data: { id: datasetId, name: `set-${datasetId}`, format: "atelier", status: "ready", path, files, request: {} },
	});
	const split = planned("split", { protocol: "leave-one-out", trainRatio: 1 }, {}, datasetId);
	const { key: splitKey, kind, revision, seed } = split;
	const attemptId = randomUUID();
	const made = attemptRef(kind, splitKey, attemptId);
	const splitFiles = await storeFiles(place.home, made, { "receipt.json": "{}", "events.parquet": "events" });
	const now = new Date();
	const done = { revision, seed, datasetId, params: {}, inputs: {}, status: "succeeded" } as const;
	const attempt = {
		id: attemptId,
		number: 1,
		status: "succeeded",
		workerId: "earlier",
		path: made,
		files: splitFiles,
		inputs: { dataset: datasetId },
		leaseUntil: now,
		verifiedAt: now,
	} as const;
	await place.db.stage.create({
		data: { ...done, key: splitKey, kind, path: made, attemptId, attempts: { create: attempt } },
	});
	const stages = Array.from({ length: count }, (_, index) =>
		planned(
			"baseline",
			{ model: "popularity", maskSeen: false, listLength: 100 + index },
			{ split: splitKey },
			datasetId,
		),
	);
	const rest = { datasetId, method: "popularity", variant: "full", setting: "full", seed: 0, config: {} };
	const runs = stages.map((stage) => ({ ...rest, plan: [split, stage] }));
	const launch = { suite: "test", preset: "test", request: {}, runs };
	const { launchId, runIds } = await createLaunch(place.db, place.queue, launch);
	return { launchId, runIds, keys: stages.map(({ key }) => key), splitKey, plans: runs.map(({ plan }) => plan) };
}

/** @returns id of the run */
export async function launchPlan(place: Workplace, plan: PlannedStage[]): Promise<string> {
	const datasetId = plan[0]?.datasetId ?? "";
	const run = { datasetId, method: "popularity", variant: "full", setting: "full", seed: 0, config: {}, plan };
	const launch = { suite: "test", preset: "test", request: {}, runs: [run] };
	return (await createLaunch(place.db, place.queue, launch)).runIds[0] ?? "";
}

/** Writes files into the store. @returns the list of them that the record keeps */
export async function storeFiles(home: string, ref: string, contents: Record<string, string>): Promise<StoredFile[]> {
	const folder = join(home, "store", ref);
	await mkdir(folder, { recursive: true });
	return Promise.all(
		Object.entries(contents).map(async ([path, text]) => {
			await writeFile(join(folder, path), text);
			return { path, sizeBytes: Buffer.byteLength(text), sha256: createHash("sha256").update(text).digest("hex") };
		}),
	);
}

export function planned(
	kind: "split" | "baseline" | "generate",
	params: Record<string, unknown>,
	inputs: Record<string, string>,
	datasetId: string,
): PlannedStage {
	const key = contentKey({ kind, params, inputs, datasetId });
	const where = kind === "split" ? "worker" : "trainer";
	return { key, kind, where, revision: 1, params, inputs, datasetId, needsDataset: true, seed: 0 };
}

/** Waits until `probe` gives a value. */
export async function until<T>(
	what: string,
	probe: () => Promise<T | null | undefined | false>,
	ms = 20_000,
): Promise<T> {
	const deadline = Date.now() + ms;
	for (;;) {
		const value = await probe();
		if (value) return value;
		if (Date.now() > deadline) throw new Error(`Waited ${ms} ms in vain until ${what}.`);
		await delay(25);
	}
}

/** The process of an attempt that runs on this machine; 0 where it has none. */
export function pidOf(attempt: { handle: string | null } | null | undefined): number {
	return Number.parseInt(attempt?.handle ?? "0", 10);
}

export function hasProcess(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
