import { randomUUID } from "node:crypto";
import type { Preset } from "@atelier/core";
import { type CopyRow, copyInto, type Pool } from "@atelier/db";

export interface SeedSize {
	runs: number;
	/** Of each run, over the slices `all`, `cold` and `warm`. */
	metrics: number;
}

const DATASETS = ["luggage", "clothing", "footwear", "jewellery", "watches", "accessories", "sports", "kids"];
const METHODS = ["popularity", "gru4rec", "sasrec", "bert4rec", "nextitnet", "core", "recformer", "ours", "ours-plus"];
const VARIANTS = ["full", "no-memory", "no-attributes", "no-id-embedding"];
const SETTINGS = ["full", "cold-start", "low-resource(0.1)", "low-resource(0.5)"];
const PRESETS = ["miniature", "small"];
const SEEDS = 5;
const METRICS_OF_TABLES = ["recall@10", "ndcg@10", "mrr@10"];
const ERRORS = ["CUDA out of memory.", "The trainer ended with exit code 137.", "The disk is full."];

/** Numbers that look drawn and are the same each time (mulberry32). */
function draws(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

interface SeededRun {
	id: string;
	launch: string;
	dataset: string;
	method: string;
	variant: string;
	setting: string;
	preset: string;
	seed: number;
	status: "succeeded" | "failed" | "cancelled";
	loraRank: number;
	learningRate: number;
	maxEpochs: number;
	quality: number;
	createdAt: Date;
	finishedAt: Date;
}

/** A tenth of the runs fill the paper's tables, three times over; the others are a search over hyperparameters. */
function makeRuns({ runs }: SeedSize): SeededRun[] {
	const draw = draws(17);
	const pick = <T>(from: readonly [T, ...T[]] | readonly T[]): T => {
		const one = from[Math.floor(draw() * from.length)];
		if (one === undefined) throw new Error("Nothing to pick from.");
		return one;
	};
	const start = Date.UTC(2026, 0, 1);
	return Array.from({ length: runs }, (_, at): SeededRun => {
		const ofTables = at % 10 === 0;
		const method = ofTables ? pick(METHODS) : pick(["ours", "core", "sasrec"]);
		const [loraRank, learningRate] = [pick([4, 8, 16, 32]), pick([0.0003, 0.001, 0.003, 0.01])];
		const searched = method === "ours" ? `lora-rank=${loraRank}` : `learning-rate=${learningRate}`;
		const createdAt = new Date(start + at * 120_000);
		return {
			id: randomUUID(),
			launch: `launch-${Math.floor(at / 200)}`,
			dataset: pick(DATASETS),
			method,
			variant: ofTables ? (method === "ours" ? pick(VARIANTS) : "full") : searched,
			setting: ofTables ? pick(SETTINGS) : "full",
			preset: pick(PRESETS),
			seed: 1 + Math.floor(draw() * SEEDS),
			status: draw() < 0.95 ? "succeeded" : draw() < 0.7 ? "failed" : "cancelled",
			...{ loraRank, learningRate, maxEpochs: pick([50, 100, 150]), quality: 0.05 + 0.25 * draw(), createdAt },
			finishedAt: new Date(createdAt.getTime() + 60_000 + 600_000 * draw()),
		};
	});
}

/**
 * A record with many runs: their datasets, launches, stages (a shared split and two of their own), attempts and metrics.
 *
 * @param preset a whole preset, as a run's record keeps it
 * @returns seconds that each table took, the triggers' work within `run`
 */
export async function seedRuns(pool: Pool, size: SeedSize, preset: Preset): Promise<Record<string, number>> {
	const runs = makeRuns(size);
	const seconds: Record<string, number> = {};
	const load = async (table: string, columns: string[], rows: Iterable<CopyRow>) => {
		const began = performance.now();
		await copyInto(pool, table, columns, rows);
		seconds[table] = (performance.now() - began) / 1_000;
	};
	const counts = { items: 2_000, users: 10_000, searches: 9_000, clicks: 50_000, purchases: 20_000, exposures: 0 };
	await load(
		"dataset",
		["id", "name", "format", "status", "counts", "request", "synthetic"],
		DATASETS.map((name) => [name, `shop-${name}`, "atelier", "ready", { ...counts, rejected: 0 }, {}, true]),
	);
	const launches = [...new Set(runs.map(({ launch }) => launch))];
	await load(
		"launch",
		["id", "suite", "preset", "request"],
		launches.map((id) => [id, "grid", "small", {}]),
	);
	await load(
		"run",
		[
			...["id", "launch_id", "dataset_id", "method", "variant", "setting", "seed", "preset", "config", "status"],
			...["error", "created_at", "started_at", "finished_at"],
		],
		runs.map((run, at) => [
			...[run.id, run.launch, run.dataset, run.method, run.variant, run.setting, run.seed, run.preset],
			...[configOf(run, preset), run.status, run.status === "failed" ? (ERRORS[at % 3] ?? null) : null],
			...[run.createdAt, run.createdAt, run.finishedAt],
		]),
	);
	await seedStages(load, pool, runs);
	await load("metric", ["run_id", "slice", "name", "value", "low", "high", "count"], metricsOf(runs, size.metrics));
	await pool.query("ANALYZE");
	return seconds;
}

function configOf({ preset: name, loraRank, learningRate, maxEpochs }: SeededRun, preset: Preset): Preset {
	const { fineTune, baselines } = preset;
	const core = { ...baselines.core, learningRate, maxEpochs };
	return { ...preset, name, fineTune: { ...fineTune, loraRank, learningRate }, baselines: { ...baselines, core } };
}

type Load = (table: string, columns: string[], rows: Iterable<CopyRow>) => Promise<void>;

async function seedStages(load: Load, pool: Pool, runs: readonly SeededRun[]): Promise<void> {
	const splits = DATASETS.map((dataset) => ({ key: `split-${dataset}`, kind: "split", dataset, at: new Date(0) }));
	const own = runs.flatMap(({ id, dataset, createdAt }) =>
		["baseline", "evaluate"].map((kind) => ({ key: `${kind}-${id}`, kind, dataset, at: createdAt })),
	);
	const stages = [...splits, ...own];
	// Readiness is worked out for each stage that succeeds: of these nothing waits.
	await pool.query("ALTER TABLE stage DISABLE TRIGGER USER");
	await load(
		"stage",
		["key", "kind", "dataset_id", "revision", "params", "seed", "inputs", "status", "attempt_id", "duration_ms"],
		stages.map(({ key, kind, dataset }) => [key, kind, dataset, 1, {}, 1, {}, "succeeded", `of-${key}`, 30_000]),
	);
	await pool.query("ALTER TABLE stage ENABLE TRIGGER USER");
	await load(
		"attempt",
		[...["id", "stage_key", "number", "status", "worker_id", "path", "lease_until", "started_at", "finished_at"]],
		stages.map(({ key, kind, at }) => [
			...[`of-${key}`, key, 1, "succeeded", "w", `stages/${kind}/${key}/1`, at, at],
			new Date(at.getTime() + 30_000),
		]),
	);
	await load(
		"run_stage",
		["run_id", "stage_key", "ordinal"],
		runs.flatMap(({ id, dataset }) =>
			[`split-${dataset}`, `baseline-${id}`, `evaluate-${id}`].map((key, ordinal) => [id, key, ordinal]),
		),
	);
}

function* metricsOf(runs: readonly SeededRun[], count: number): Generator<CopyRow> {
	const draw = draws(23);
	const slices = ["all", "cold", "warm"];
	const names = [...METRICS_OF_TABLES];
	for (let k = 1; names.length * slices.length < count; k += 1) {
		names.push(`hit@${k}`, `recall@${k + 10}`, `ndcg@${k + 10}`);
	}
	for (const { id, status, quality } of runs) {
		if (status !== "succeeded") continue;
		let left = count;
		for (const slice of slices) {
			for (const name of names) {
				if (left-- <= 0) break;
				const value = quality * (0.5 + draw());
				yield [id, slice, name, value, value - 0.01, value + 0.01, 10_000];
			}
		}
	}
}
