import { describeProtocol, type MetricName, methodTitles, type RunWarning, significanceMark } from "@atelier/core";
import { formatDelta, formatMetric, formatP } from "@atelier/ui";
import type { Computing } from "~/features/charts/computing-tests";
import { describeSpread } from "~/features/charts/prepare-bars";
import { pairedTest } from "~/features/charts/prepare-lead";
import { methodLook, methodPlace } from "~/features/methods";
import type { Outputs } from "~/trpc/client";
import type { PairedTest } from "./paired-tests";

type Table2 = Outputs["results"]["table2"];
export type BenchmarkDataset = Table2["datasets"][number];
export type BenchmarkCell = BenchmarkDataset["cells"][number];
export type Comparison = NonNullable<Table2["comparisons"]>[number];
/** The table as the page has it: the stored figures, or others in their place. */
export interface Benchmark extends Pick<Table2, "datasets" | "madeUnlike"> {
	computing: Computing | null;
	comparisons: Comparison[] | null;
}

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
	return [...titlesOf(benchmark).keys()].sort((a, b) => methodPlace(a) - methodPlace(b));
}

/** Titles in table order; an outside method has a row as soon as one dataset has a run of it. */
export function titlesOf({ datasets }: Pick<Benchmark, "datasets">): Map<string, string> {
	return methodTitles(datasets.flatMap(({ cells }) => cells.map(({ method }) => method)));
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

export interface NamedCell {
	method: string;
	dataset: string;
	/** `Recall@10`. */
	metric: string;
	figure: Figure;
	warnings: readonly RunWarning[];
}

/** A cell as it is read out: where it stands and, first of what it holds, its number. */
export function nameCell({ method, dataset, metric, figure, warnings }: NamedCell): string {
	const place = figure.place === 1 ? "the best of its column" : figure.place === 2 ? "the second of its column" : "";
	return [
		`${methodLook(method).title} on ${dataset}, ${metric} ${formatMetric(figure.value)}`,
		place,
		describeSpread(figure),
		...warnings.map(({ message }) => message),
	]
		.filter(Boolean)
		.join(", ");
}

/** What stands in small under each figure. */
export const UNDER_FIGURES = ["paper", "difference", "spread", "reference", "nothing"] as const;
export type UnderFigures = (typeof UNDER_FIGURES)[number];
export const UNDER_TITLES: Record<UnderFigures, string> = {
	paper: "the paper's figure",
	difference: "difference to the paper",
	spread: "interval or deviation",
	reference: "difference to the reference",
	nothing: "nothing",
};

/** The small line under a figure, or null where it has none; a difference to the reference has its marks beside it. */
export function underFigure(
	figure: Figure,
	paper: number | undefined,
	under: UnderFigures,
	difference: PairedTest | null = null,
): string | null {
	switch (under) {
		case "reference":
			return difference === null ? null : `${formatDelta(difference.value)}${significanceMark(difference.adjustedP)}`;
		case "nothing":
			return null;
		case "paper":
			return paper === undefined ? null : `paper ${paper.toFixed(3)}`;
		case "difference":
			return paper === undefined ? null : formatDelta(figure.value - paper);
		case "spread":
			if (figure.deviation !== null) return `± ${figure.deviation.toFixed(3)}`;
			return figure.low === null || figure.high === null ? null : `${figure.low.toFixed(3)}–${figure.high.toFixed(3)}`;
	}
}

/** A paired test from one method's side: its figure minus the other's. */
export interface PairedLine extends PairedTest {
	other: string;
}

/** The paired tests that a method takes part in on a dataset, from its own side, in table order. */
export function pairedLines(
	comparisons: readonly Comparison[],
	dataset: string,
	method: string,
	metric: MetricName,
): PairedLine[] {
	const ofDataset = comparisons.filter((one) => one.dataset === dataset);
	return ofDataset
		.flatMap((one): PairedLine[] => {
			const other = one.method === method ? one.other : one.method;
			const test = pairedTest([one], method, other, metric);
			return test === null ? [] : [{ other, ...test }];
		})
		.sort((a, b) => methodPlace(a.other) - methodPlace(b.other));
}

/** `against Ours −0.050, p 0.004` for the hover of a cell; empty where nothing was tested. */
export function describeAgainst(lines: readonly PairedLine[], reference: string): string {
	const line = lines.find(({ other }) => other === reference);
	if (line === undefined) return "";
	return `against ${methodLook(reference).title} ${formatDelta(line.value)}, ${formatP(line.adjustedP)}`;
}

/** How everything of a dataset was measured, in words. */
export function describeDataset({ cells, protocol }: Pick<BenchmarkDataset, "cells" | "protocol">): string {
	const users = cells.find((cell) => cell.users !== null)?.users ?? null;
	return [
		...(users === null ? [] : [`${users.toLocaleString("en-US")} test shoppers`]),
		...(protocol === null ? [] : [describeProtocol(protocol)]),
	].join(", ");
}
