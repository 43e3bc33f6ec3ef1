import type { Grid, Measurement, MetricName } from "@atelier/core";
import { formatMetric } from "@atelier/ui";
import { methodLook, methodPlace } from "~/features/methods";

export interface ChartPoint {
	method: string;
	title: string;
	value: number;
	/** Distances from the value down and up, as Recharts draws error bars; absent where there is neither interval nor deviation. */
	spread: [number, number] | undefined;
	/** The paper's figure for the category, or undefined. */
	paper: number | undefined;
}

export interface BarCell {
	method: string;
	metrics: Readonly<Record<MetricName, Measurement | null>>;
	paper?: Readonly<Record<MetricName, number>> | null;
}

/** The measured methods as bars from zero, in table order, the paper's figure beside those that have one. */
export function prepareBars(cells: readonly BarCell[], name: MetricName): ChartPoint[] {
	return [...cells]
		.sort((a, b) => methodPlace(a.method) - methodPlace(b.method))
		.flatMap(({ method, metrics, paper }): ChartPoint[] => {
			const metric = metrics[name];
			if (!metric) return [];
			const { value } = metric;
			return [{ method, title: methodLook(method).title, value, spread: spreadOf(metric), paper: paper?.[name] }];
		});
}

/** Down and up from the value: a 95 % interval over users, or one deviation over seeds. */
export function spreadOf({ value, low, high, deviation }: Measurement): [number, number] | undefined {
	if (deviation !== null) return [deviation, deviation];
	return low === null || high === null ? undefined : [value - low, high - value];
}

/** What a hover says of a value's spread; empty where it has none. */
export function describeSpread({ low, high, deviation }: Omit<Measurement, "value">): string {
	if (deviation !== null) return `± ${formatMetric(deviation)} over seeds`;
	return low === null || high === null ? "" : `95 % interval ${formatMetric(low)} to ${formatMetric(high)}`;
}

/** The largest value that a chart of these has to reach; 0 for none. */
export function reachOf(points: readonly ChartPoint[]): number {
	return Math.max(0, ...points.flatMap(({ value, spread, paper }) => [value + (spread?.[1] ?? 0), paper ?? 0]));
}

/** The values behind a chart of bars. */
export function barsGrid(points: readonly ChartPoint[], caption: string, metricTitle: string): Grid {
	const hasPaper = points.some(({ paper }) => paper !== undefined);
	const text = (value: number | undefined) => ({ text: value === undefined ? "" : value.toFixed(4) });
	return {
		caption,
		columns: ["Method", metricTitle, "Low", "High", ...(hasPaper ? ["Paper"] : [])],
		rows: points.map(({ title, value, spread, paper }) => [
			{ text: title },
			text(value),
			text(spread && value - spread[0]),
			text(spread && value + spread[1]),
			...(hasPaper ? [text(paper)] : []),
		]),
		notes: [],
	};
}
