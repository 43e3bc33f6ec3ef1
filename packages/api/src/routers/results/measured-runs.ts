import {
	AppError,
	addWarnings,
	byMetric,
	isSameProtocol,
	type Measurement,
	type Measurements,
	type MetricName,
	type Protocol,
	paperDatasetOf,
	protocolOf,
	type RunWarning,
	runWarnings,
	spreadOf,
} from "@atelier/core";
import type { Database, Dataset, Prisma } from "@atelier/db";
import { z } from "zod";
import { findReadyDatasets } from "../../rows/find-dataset";
import { type OpenRun, openRuns, type UnderWay, underWayOf } from "../../rows/under-way";
import { readPresets } from "../../suites";

/** Of every table and figure: which datasets, and runs of which preset. */
export const resultsInput = z.object({ datasets: z.array(z.string()).optional(), preset: z.string().optional() });
export type ResultsInput = z.infer<typeof resultsInput>;

/** The same of one whose rows are tested against each other where that is wanted. */
export const comparedInput = resultsInput.extend({ comparisons: z.boolean().default(false) }).prefault({});

const include = { metrics: { where: { slice: "all" } } } satisfies Prisma.RunInclude;
export type MeasuredRun = Prisma.RunGetPayload<{ include: typeof include }>;

export interface MeasuredDataset {
	dataset: Dataset;
	/** Succeeded runs, the newest first. */
	runs: MeasuredRun[];
	/** Runs that wait or run. */
	open: OpenRun[];
}

interface Source {
	db: Database;
	suitesDir: string;
}

/**
 * The named datasets, or all that have such runs, with those that succeeded and those under way.
 *
 * @throws AppError BAD_REQUEST for an unknown preset; NOT_FOUND and CONFLICT for datasets.
 */
export async function measuredRuns(
	{ db, suitesDir }: Source,
	input: ResultsInput,
	where: Prisma.RunWhereInput,
): Promise<MeasuredDataset[]> {
	if (input.preset !== undefined) await refuseUnknownPreset({ db, suitesDir }, input.preset);
	const ofPreset = { ...where, ...(input.preset && { preset: input.preset }) };
	const datasets = input.datasets?.length
		? await findReadyDatasets(db, input.datasets)
		: await db.dataset.findMany({
				where: { runs: { some: { ...where, status: { in: ["succeeded", "queued", "running"] } } } },
				orderBy: [{ createdAt: "asc" }, { name: "asc" }],
			});
	const datasetId = { in: datasets.map((dataset) => dataset.id) };
	const [runs, open] = await Promise.all([
		db.run.findMany({
			where: { ...ofPreset, datasetId, status: "succeeded" },
			orderBy: [{ createdAt: "desc" }, { id: "desc" }],
			include,
		}),
		openRuns(db, { ...ofPreset, datasetId }),
	]);
	return datasets.map((dataset) => ({
		dataset,
		runs: runs.filter((run) => run.datasetId === dataset.id),
		open: open.filter((run) => run.datasetId === dataset.id),
	}));
}

/** A preset is one of the files, or of a run made when there was such a file. @throws AppError BAD_REQUEST */
async function refuseUnknownPreset({ db, suitesDir }: Source, name: string) {
	const used = await db.run.findMany({ distinct: ["preset"], select: { preset: true } });
	const names = new Set([...(await readPresets(suitesDir)).map((file) => file.name), ...used.map((run) => run.preset)]);
	if (names.has(name)) return;
	throw new AppError("BAD_REQUEST", `Unknown preset "${name}". There are: ${[...names].join(", ")}.`);
}

/** Only runs under the protocol of the newest stand together. */
export function underOneProtocol(runs: readonly MeasuredRun[]): { protocol: Protocol | null; runs: MeasuredRun[] } {
	const [newest] = runs;
	if (newest === undefined) return { protocol: null, runs: [] };
	const protocol = protocolOf(newest);
	return { protocol, runs: runs.filter((run) => isSameProtocol(protocolOf(run), protocol)) };
}

/**
 * Where rows differ by what was changed and by nothing else, as in ablations and learning curves, the preset too must be
 * one: that which fills the most cells, the newest of equals; where nothing was measured yet, of what is under way.
 */
export function ofOnePreset({ runs, open }: Pick<MeasuredDataset, "runs" | "open">): {
	preset: string | null;
	runs: MeasuredRun[];
	open: OpenRun[];
} {
	const cells = new Map<string, Set<string>>();
	for (const { preset, method, variant, setting } of runs.length > 0 ? runs : open) {
		cells.set(preset, (cells.get(preset) ?? new Set()).add(`${method} ${variant} ${setting}`));
	}
	// Presets stand in the order of their newest run, which a stable sort keeps among equals.
	const [fullest] = [...cells].sort(([, a], [, b]) => b.size - a.size);
	const preset = fullest?.[0] ?? null;
	const isOfIt = (run: { preset: string }) => run.preset === preset;
	return { preset, runs: runs.filter(isOfIt), open: open.filter(isOfIt) };
}

/** The newest run of each seed, by seed. */
export function newestBySeed(runs: readonly MeasuredRun[]): MeasuredRun[] {
	const bySeed = new Map<number, MeasuredRun>();
	for (const run of runs) if (!bySeed.has(run.seed)) bySeed.set(run.seed, run);
	return [...bySeed.values()].sort((a, b) => a.seed - b.seed);
}

/** A cell: the runs behind it, one a seed, and their figures. */
export interface MeasuredCell {
	runs: { id: string; seed: number; preset: string }[];
	/** Test users; null where nothing was measured. */
	users: number | null;
	metrics: Measurements;
	/** Of all its runs. */
	warnings: RunWarning[];
	/** Runs that wait or run for it, beside those that were measured. */
	underWay: UnderWay | null;
}

export function toCell(runs: readonly MeasuredRun[], open: readonly OpenRun[]): MeasuredCell {
	return {
		runs: runs.map(({ id, seed, preset }) => ({ id, seed, preset })),
		users: runs[0]?.metrics[0]?.count ?? null,
		metrics: byMetric((name) => measurementOver(runs, name)),
		warnings: runs.reduce<RunWarning[]>((all, run) => addWarnings(all, runWarnings.parse(run.warnings)), []),
		underWay: underWayOf(open),
	};
}

function measurementOver(runs: readonly MeasuredRun[], name: MetricName): Measurement | null {
	const found = runs.flatMap((run) => run.metrics.filter((metric) => metric.name === name));
	const spread = spreadOf(found.map(({ value }) => value));
	if (spread === null) return null;
	const only = found.length === 1 ? found[0] : undefined;
	return { value: spread.mean, low: only?.low ?? null, high: only?.high ?? null, deviation: spread.deviation };
}

/** What every part of an answer says of its dataset. */
export function datasetHead(dataset: Dataset) {
	return {
		name: dataset.name,
		group: dataset.group,
		synthetic: dataset.synthetic,
		queriesDerived: dataset.queriesDerived,
		paperDataset: paperDatasetOf(dataset.name),
	};
}
