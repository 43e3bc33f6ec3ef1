import { describeProtocol as protocolWords } from "@atelier/core";
import { methodLook, methodPlace } from "~/features/methods";
import type { Outputs } from "~/trpc/client";

export type Benchmark = Outputs["results"]["table2"];
export type BenchmarkDataset = Benchmark["datasets"][number];
export type BenchmarkCell = BenchmarkDataset["cells"][number];

export const METRIC_NAMES = ["recall@10", "ndcg@10", "mrr@10"] as const;
export type MetricName = (typeof METRIC_NAMES)[number];
export const METRIC_TITLES: Record<MetricName, string> = {
	"recall@10": "Recall@10",
	"ndcg@10": "NDCG@10",
	"mrr@10": "MRR@10",
};

export interface Figure {
	value: number;
	low: number | null;
	high: number | null;
	/** Over seeds; null for a single one. */
	deviation: number | null;
	/** 1 for the best measured value of its column, 2 for the second. */
	place: number;
	/** The column's largest bound, so that bars of one column share a scale. */
	max: number;
}

/** Methods of the table in its order, those that nothing was measured for included. */
export function methodsOf(benchmark: Benchmark): string[] {
	const ids = benchmark.datasets[0]?.cells.map(({ method }) => method) ?? [];
	return [...ids].sort((a, b) => methodPlace(a) - methodPlace(b));
}

export function cellOf(dataset: BenchmarkDataset, method: string): BenchmarkCell | undefined {
	return dataset.cells.find((cell) => cell.method === method);
}

/** A measured figure with its place in its column; null where there is no run. */
export function figureOf(dataset: BenchmarkDataset, method: string, name: MetricName): Figure | null {
	const metric = cellOf(dataset, method)?.metrics[name];
	if (!metric) return null;
	const column = dataset.cells.flatMap((cell) => cell.metrics[name] ?? []);
	const better = column.filter((other) => other.value > metric.value).length;
	const max = Math.max(...column.map((other) => other.high ?? other.value));
	return { ...metric, place: better + 1, max };
}

export interface ChartPoint {
	method: string;
	title: string;
	value: number;
	/** Distances from the value down and up, as Recharts draws error bars; absent without an interval. */
	spread: [number, number] | undefined;
	/** The paper's figure for the category, or undefined. */
	paper: number | undefined;
}

/** One dataset's measured methods as bars from zero, the paper's figure beside those that have one. */
export function prepareChart(dataset: BenchmarkDataset, name: MetricName, methods: readonly string[]): ChartPoint[] {
	return methods.flatMap((method): ChartPoint[] => {
		const cell = cellOf(dataset, method);
		const metric = cell?.metrics[name];
		if (!metric) return [];
		const { value, low, high } = metric;
		return [
			{
				method,
				title: methodLook(method).title,
				value,
				spread: low === null || high === null ? undefined : [value - low, high - value],
				paper: cell?.paper?.[name],
			},
		];
	});
}

/** The sentence under a chart: who leads, by how much, and whether the intervals let one say so. */
export function describeLead(points: readonly ChartPoint[], name: MetricName): string {
	const [first, second] = [...points].sort((a, b) => b.value - a.value);
	if (first === undefined) return "";
	if (second === undefined)
		return `Only ${first.title} was measured: ${METRIC_TITLES[name]} ${first.value.toFixed(3)}.`;
	const lead = `${first.title} leads ${second.title} by ${(first.value - second.value).toFixed(3)} ${METRIC_TITLES[name]}`;
	if (!first.spread || !second.spread) return `${lead}, over several seeds.`;
	const overlap = first.value - first.spread[0] <= second.value + second.spread[1];
	return overlap
		? `${lead}; their 95 % intervals overlap, so the order of these two is not settled.`
		: `${lead}; their 95 % intervals do not overlap.`;
}

/** How everything on the page was measured, in words. */
export function describeProtocol(dataset: BenchmarkDataset): string {
	const users = dataset.cells.find((cell) => cell.users !== null)?.users ?? null;
	return [
		users === null ? null : `${users.toLocaleString("en-US")} test shoppers`,
		dataset.protocol && protocolWords(dataset.protocol),
	]
		.filter((part) => part !== null)
		.join(", ");
}

/** Round ticks from zero that reach past `max`, six at most. */
export function prepareTicks(max: number): number[] {
	const step = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2].find((size) => max / size <= 5) ?? 0.25;
	const count = Math.max(1, Math.ceil(max / step - 1e-9));
	return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toFixed(3)));
}
