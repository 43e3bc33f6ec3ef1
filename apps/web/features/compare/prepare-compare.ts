import {
	type AdjustedDifference,
	dataNotes,
	describeProtocol,
	formatInterval,
	type Grid,
	type GridCell,
	letterOf,
	significanceMark,
	turnedDifference,
} from "@atelier/core";
import { runName } from "~/features/methods";
import type { ComparedRun, Comparison, Tests } from "./compare-types";
import { METRIC_KIND_TITLES, METRIC_KINDS, type MetricKind } from "./compare-view";

/** A run's row: its figures, and how it differs from the reference in the chosen metric. */
export interface CompareRow {
	place: number;
	run: ComparedRun;
	values: Record<MetricKind, { value: number; low: number; high: number; place: number } | null>;
	/** The row's run minus the reference; null for the reference itself and until tests are there. */
	difference: AdjustedDifference | null;
}

/** The cutoff that all of the runs share, else the reference's. */
export function cutoffOf({ runs }: Comparison): number {
	return runs[0]?.protocol?.k ?? 10;
}

export function metricTitle(kind: MetricKind, k: number): string {
	return `${METRIC_KIND_TITLES[kind]}@${k}`;
}

/** @param tests null while they are computed, and where they are refused */
export function prepareRows(comparison: Comparison, tests: Tests | null, metric: MetricKind): CompareRow[] {
	const k = cutoffOf(comparison);
	return comparison.runs.map((run, place) => ({
		place,
		run,
		values: {
			recall: placed(comparison.runs, run, `recall@${k}`),
			ndcg: placed(comparison.runs, run, `ndcg@${k}`),
			mrr: placed(comparison.runs, run, `mrr@${k}`),
		},
		difference: differenceOf(tests, place, `${metric}@${k}`),
	}));
}

/** Tests are of the first run minus each other; a row says how it stands to the reference, so they are turned. */
function differenceOf(tests: Tests | null, place: number, name: string): AdjustedDifference | null {
	const test = place === 0 ? undefined : tests?.others?.[place - 1]?.metrics[name];
	return test === undefined ? null : turnedDifference(test);
}

function placed(runs: readonly ComparedRun[], run: ComparedRun, name: string) {
	const metric = run.metrics[name];
	if (metric === undefined) return null;
	const better = runs.filter((other) => (other.metrics[name]?.value ?? Number.NEGATIVE_INFINITY) > metric.value).length;
	return { ...metric, place: better + 1 };
}

/** How far the scale of the differences reaches to either side of zero. */
export function reachOfDifferences(rows: readonly CompareRow[]): number {
	return Math.max(0, ...rows.flatMap(({ difference: d }) => (d === null ? [] : [Math.abs(d.low), Math.abs(d.high)])));
}

/** The table as it stands on the page. */
export function compareGrid(comparison: Comparison, rows: readonly CompareRow[], metric: MetricKind): Grid {
	const k = cutoffOf(comparison);
	const [first] = comparison.runs;
	const title = metricTitle(metric, k);
	const tests = rows.filter(({ difference }) => difference !== null).length * METRIC_KINDS.length;
	const protocol = first?.protocol ? ` ${first.dataset}, ${describeProtocol(first.protocol)}.` : "";
	return {
		name: "comparison",
		caption: `Runs against ${first ? runName(first) : "the reference"} (A).${protocol} Δ is the run minus A, paired over ${first?.users ?? 0} shoppers, with its 95 % bootstrap interval; p after Holm's correction over ${tests} tests.`,
		columns: ["Run", "Seed", ...METRIC_KINDS.map((kind) => metricTitle(kind, k)), `Δ ${title}`, "p", "Won/tied/lost"],
		rows: rows.map(({ place, run, values, difference }) => [
			{ text: `${letterOf(place)} ${runName(run)}` },
			{ text: String(run.seed) },
			...METRIC_KINDS.map((kind) => figureCell(values[kind])),
			...differenceCells(difference),
		]),
		notes: [
			...comparison.unlike.filter(({ what }) => what !== "seeds").map(({ words }) => words),
			...(comparison.madeUnlike === null ? [] : [comparison.madeUnlike]),
			...dataNotes(first ? [first] : [], ({ dataset }) => dataset),
		],
	};
}

function figureCell(value: CompareRow["values"][MetricKind]): GridCell {
	if (value === null) return { text: "–" };
	return { text: value.value.toFixed(4), bold: value.place === 1, underline: value.place === 2 };
}

function differenceCells(difference: AdjustedDifference | null): GridCell[] {
	if (difference === null) return [{ text: "–" }, { text: "–" }, { text: "–" }];
	const { adjustedP, wins, ties, losses } = difference;
	return [
		{ text: formatInterval(difference), mark: significanceMark(adjustedP) },
		{ text: adjustedP < 0.001 ? "< 0.001" : adjustedP.toFixed(3) },
		{ text: `${wins}/${ties}/${losses}` },
	];
}

/** Values of a configuration as one line: text as it is, all else as JSON; nothing for a path that a run lacks. */
export function configText(value: unknown): string {
	if (value === undefined) return "–";
	return typeof value === "string" ? value : JSON.stringify(value);
}

/** Where the configurations differ, as the page lists it. */
export function configGrid({ config, runs }: Comparison): Grid {
	return {
		name: "configuration",
		caption: "Where the configurations of the compared runs differ.",
		columns: ["Setting", ...runs.map((run, place) => `${letterOf(place)} ${runName(run)}`)],
		rows: config.map(({ path, values }) => [{ text: path }, ...values.map((value) => ({ text: configText(value) }))]),
		notes: [],
	};
}
