import {
	AppError,
	addWarnings,
	byMetric,
	isSameProtocol,
	knownProtocolOf,
	METRIC_NAMES,
	type Measurement,
	type Measurements,
	type MetricName,
	type Protocol,
	paperDatasetOf,
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

/** Of cells and of runs alike. */
export interface WantedCoordinates {
	method?: string;
	variant?: string;
	setting?: string | { startsWith: string };
	NOT?: { variant: { contains: string } };
	OR?: WantedCoordinates[];
}

interface Figure {
	name: string;
	value: number;
	low: number;
	high: number;
	count: number;
}

/** The newest succeeded run of its coordinates under its protocol. */
export interface MeasuredRun {
	id: string;
	datasetId: string;
	method: string;
	variant: string;
	setting: string;
	seed: number;
	preset: string;
	protocol: Protocol;
	warnings: unknown;
	/** None where they were not asked for. */
	metrics: Figure[];
}

export interface MeasuredDataset {
	dataset: Dataset;
	/** The newest first. */
	runs: MeasuredRun[];
	/** Runs that wait or run. */
	open: OpenRun[];
}

interface Source {
	db: Database;
	suitesDir: string;
}

/**
 * The named datasets, or all that have such runs, with what was measured and what is under way.
 *
 * @param options.figures whether the runs' metrics and warnings are wanted too
 * @throws AppError BAD_REQUEST for an unknown preset; NOT_FOUND and CONFLICT for datasets.
 */
export async function measuredRuns(
	{ db, suitesDir }: Source,
	input: ResultsInput,
	where: WantedCoordinates,
	{ figures = true } = {},
): Promise<MeasuredDataset[]> {
	if (input.preset !== undefined) await refuseUnknownPreset({ db, suitesDir }, input.preset);
	const ofPreset = { ...where, ...(input.preset && { preset: input.preset }) };
	const datasets = input.datasets?.length ? await findReadyDatasets(db, input.datasets) : await datasetsWith(db, where);
	const datasetId = { in: datasets.map((dataset) => dataset.id) };
	const [runs, open] = await Promise.all([
		newestRuns(db, { ...ofPreset, datasetId }, figures),
		openRuns(db, { ...ofPreset, datasetId }),
	]);
	const [runsOf, openOf] = [grouped(runs, ofDataset), grouped(open, ofDataset)];
	return datasets.map((dataset) => ({
		dataset,
		runs: runsOf.get(dataset.id) ?? [],
		open: openOf.get(dataset.id) ?? [],
	}));
}

const ofDataset = ({ datasetId }: { datasetId: string }) => datasetId;

async function datasetsWith(db: Database, where: WantedCoordinates): Promise<Dataset[]> {
	const [measured, open] = await Promise.all([
		db.cell.groupBy({ by: ["datasetId"], where }),
		db.run.groupBy({ by: ["datasetId"], where: { AND: [where, { status: { in: ["queued", "running"] } }] } }),
	]);
	const id = { in: [...measured, ...open].map(ofDataset) };
	return db.dataset.findMany({ where: { id }, orderBy: [{ createdAt: "asc" }, { name: "asc" }] });
}

/** Rows of the table of cells, the newest first; those of versions that said their protocol otherwise stand nowhere. */
async function newestRuns(db: Database, where: Prisma.CellWhereInput, figures: boolean): Promise<MeasuredRun[]> {
	const cells = await db.cell.findMany({
		where,
		omit: { measuredBy: true },
		orderBy: [{ createdAt: "desc" }, { runId: "desc" }],
	});
	const [protocolOfCell, details] = await Promise.all([
		protocolsOf(db, cells),
		figures ? detailsOf(db, cells) : new Map<string, Pick<MeasuredRun, "warnings" | "metrics">>(),
	]);
	return cells.flatMap(({ runId, measuredByKey, createdAt: _, ...coordinates }) => {
		const protocol = protocolOfCell(coordinates.method, measuredByKey);
		const { warnings = [], metrics = [] } = details.get(runId) ?? {};
		return protocol === null ? [] : [{ id: runId, ...coordinates, protocol, warnings, metrics }];
	});
}

/** Read once for each way of measuring and method, of which there are few. */
async function protocolsOf(db: Database, cells: readonly { method: string; measuredByKey: string; runId: string }[]) {
	const one = new Map(cells.map((cell) => [`${cell.method} ${cell.measuredByKey}`, cell]));
	const rows = await db.cell.findMany({
		where: { runId: { in: [...one.values()].map(({ runId }) => runId) } },
		select: { method: true, measuredByKey: true, measuredBy: true },
	});
	const protocols = new Map(
		rows.map(({ method, measuredByKey, measuredBy }) => {
			return [`${method} ${measuredByKey}`, knownProtocolOf({ method, config: measuredBy })];
		}),
	);
	return (method: string, key: string) => protocols.get(`${method} ${key}`) ?? null;
}

async function detailsOf(db: Database, cells: readonly { runId: string }[]) {
	const ids = cells.map(({ runId }) => runId);
	const [warned, figures] = await Promise.all([
		db.$queryRaw<{ id: string; warnings: unknown }[]>`SELECT id, warnings FROM run WHERE id = ANY(${ids})`,
		db.$queryRaw<(Figure & { runId: string })[]>`
			SELECT run_id AS "runId", name, value, low, high, count FROM metric
			WHERE run_id = ANY(${ids}) AND slice = 'all' AND name = ANY(${[...METRIC_NAMES]})
			ORDER BY run_id, name`,
	]);
	const metricsOf = grouped(figures, ({ runId }) => runId);
	return new Map(warned.map(({ id, warnings }) => [id, { warnings, metrics: metricsOf.get(id) ?? [] }]));
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
	const groups = new Map<string, Row[]>();
	for (const row of rows) {
		const group = groups.get(keyOf(row));
		if (group === undefined) groups.set(keyOf(row), [row]);
		else group.push(row);
	}
	return groups;
}

/** A preset is one of the files, or of a run made when there was such a file. @throws AppError BAD_REQUEST */
async function refuseUnknownPreset({ db, suitesDir }: Source, name: string) {
	const used = await db.run.groupBy({ by: ["preset"] });
	const names = new Set([...(await readPresets(suitesDir)).map((file) => file.name), ...used.map((run) => run.preset)]);
	if (names.has(name)) return;
	throw new AppError("BAD_REQUEST", `Unknown preset "${name}". There are: ${[...names].join(", ")}.`);
}

/** Only runs under the protocol of the newest stand together. */
export function underOneProtocol(runs: readonly MeasuredRun[]): { protocol: Protocol | null; runs: MeasuredRun[] } {
	const [newest] = runs;
	if (newest === undefined) return { protocol: null, runs: [] };
	const { protocol } = newest;
	return { protocol, runs: runs.filter((run) => isSameProtocol(run.protocol, protocol)) };
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
