import {
	byMetric,
	dataNotes,
	describeProtocol,
	type Grid,
	type GridCell,
	METRIC_NAMES,
	METRIC_TITLES,
	type Measurement,
	type MetricName,
	methodTitle,
	significanceMark,
} from "@atelier/core";
import type { Sliced } from "~/features/slices/slice-types";
import { type Benchmark, type BenchmarkDataset, type Comparison, methodsOf } from "./prepare-benchmark";

/** What was asked of one dataset: its figures over the slice, or why there are none. */
export interface SlicedAnswer {
	sliced: Sliced | undefined;
	error: string | null;
}
export type SlicedAnswers = ReadonlyMap<string, SlicedAnswer>;

/** `Recall@20`: the paper's metrics at another K. */
export function metricTitleAt(name: MetricName, k: number): string {
	return METRIC_TITLES[name].replace(/\d+$/, String(k));
}

const kindOf = (name: MetricName) => name.slice(0, name.indexOf("@"));

/**
 * The table over a slice, at a K, against a reference: its figures in place of the stored ones, under the same three names
 * whatever K is (`metricTitleAt` says it), and tests against the reference in place of those of ours. The paper's figures
 * are of all shoppers at K = 10, and stand beside nothing else.
 */
export function slicedBenchmark(benchmark: Benchmark, answers: SlicedAnswers): Benchmark {
	const datasets = benchmark.datasets.map((dataset) => slicedDataset(dataset, answers.get(dataset.name)?.sliced));
	const all = benchmark.datasets.flatMap(({ name }) => answers.get(name)?.sliced ?? []);
	const comparisons = all.flatMap(comparisonsOf);
	return { ...benchmark, datasets, comparisons, computing: computingOf(all) };
}

function slicedDataset(dataset: BenchmarkDataset, sliced: Sliced | undefined): BenchmarkDataset {
	const group = sliced?.groups?.[0];
	const isStored = sliced !== undefined && sliced.slice === "" && sliced.k === dataset.protocol?.k;
	return {
		...dataset,
		protocol: dataset.protocol && { ...dataset.protocol, k: sliced?.k ?? dataset.protocol.k },
		cells: dataset.cells.map((cell) => {
			const figures = group?.cells.find(({ method }) => method === cell.method)?.metrics;
			return {
				...cell,
				users: group?.users ?? null,
				paper: isStored && sliced.k === 10 ? cell.paper : null,
				metrics: byMetric((name): Measurement | null => {
					const figure = figures?.[`${kindOf(name)}@${sliced?.k}`];
					if (figure === undefined) return null;
					const { value, low, high } = figure;
					// How much seeds matter is known of the stored figures alone.
					return { value, low, high, deviation: isStored ? (cell.metrics[name]?.deviation ?? null) : null };
				}),
			};
		}),
	};
}

function comparisonsOf(sliced: Sliced): Comparison[] {
	const { reference } = sliced;
	if (reference === null || sliced.computing !== null) return [];
	return (sliced.groups?.[0]?.cells ?? []).flatMap(({ method, metrics }): Comparison[] => {
		const tested = METRIC_NAMES.flatMap((name) => {
			const difference = metrics[`${kindOf(name)}@${sliced.k}`]?.difference;
			return difference ? [[name, difference] as const] : [];
		});
		if (tested.length === 0) return [];
		return [
			{
				...{ dataset: sliced.dataset.name, method, other: reference },
				...{ users: sliced.users ?? 0, metrics: Object.fromEntries(tested) },
			},
		];
	});
}

/** All of them together; null once none computes. */
function computingOf(all: readonly Sliced[]): Benchmark["computing"] {
	const open = all.flatMap(({ computing }) => computing ?? []);
	if (open.length === 0) return null;
	return {
		done: open.reduce((sum, { done }) => sum + done, 0),
		total: open.reduce((sum, { total }) => sum + total, 0),
		failed: open.find(({ failed }) => failed !== null)?.failed ?? null,
	};
}

/**
 * The table as it stands on the page, its K, slice and reference included; marks are those of the tests.
 *
 * @param isGrouped whether datasets stand over their columns, as in a paper, or before each column's name
 */
export function slicedGrid(benchmark: Benchmark, answers: SlicedAnswers, isGrouped: boolean): Grid {
	const measured = benchmark.datasets.flatMap((dataset) => {
		const sliced = answers.get(dataset.name)?.sliced;
		return sliced === undefined ? [] : [{ dataset, sliced }];
	});
	const first = measured[0]?.sliced;
	const methods = methodsOf(benchmark).filter((method) =>
		measured.some(({ dataset }) => dataset.cells.some((cell) => cell.method === method && cell.metrics["recall@10"])),
	);
	const columns = measured.flatMap((one) => METRIC_NAMES.map((name) => ({ ...one, name })));
	return {
		name: "benchmark",
		caption: [
			`Comparison on ${measured.map(({ dataset }) => dataset.name).join(", ")}, ${first?.slice ? `test shoppers of the slice: ${first.slice}` : "all test shoppers"} (${measured.map(({ sliced }) => `${sliced.users ?? 0} of ${sliced.of ?? 0}`).join(", ")}).`,
			...(first ? [`${describeProtocol({ ...first.protocol, k: first.k })}.`] : []),
		].join(" "),
		columns: [
			"Method",
			...columns.map(
				({ dataset, name, sliced }) => `${isGrouped ? "" : `${dataset.name} `}${metricTitleAt(name, sliced.k)}`,
			),
		],
		groups: isGrouped ? measured.map(({ dataset }) => ({ title: dataset.name, span: METRIC_NAMES.length })) : [],
		rows: methods.map((method) => [
			{ text: methodTitle(method) },
			...columns.map(({ dataset, name }) => gridCell(benchmark, dataset, method, name)),
		]),
		notes: [
			"Best in bold, second underlined.",
			...(first?.reference
				? [
						`Marks: the difference to ${methodTitle(first.reference)}, either way, paired over shoppers: * p ≤ .05, ** p ≤ .01, *** p ≤ .001 after Holm's correction over each dataset's tests.`,
					]
				: []),
			...dataNotes(
				measured.map(({ dataset }) => dataset),
				({ name }) => name,
			),
		],
	};
}

function gridCell(benchmark: Benchmark, dataset: BenchmarkDataset, method: string, name: MetricName): GridCell {
	const value = dataset.cells.find((cell) => cell.method === method)?.metrics[name]?.value;
	if (value === undefined) return { text: "–" };
	const better = dataset.cells.filter((cell) => (cell.metrics[name]?.value ?? Number.NEGATIVE_INFINITY) > value).length;
	const test = benchmark.comparisons?.find((one) => one.dataset === dataset.name && one.method === method);
	const p = test?.metrics[name]?.adjustedP;
	return {
		...{ text: value.toFixed(3), bold: better === 0, underline: better === 1 },
		mark: p === undefined ? "" : significanceMark(p),
	};
}
