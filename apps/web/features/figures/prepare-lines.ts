import { type Grid, METRIC_TITLES, type MetricName } from "@atelier/core";
import { spreadOf } from "~/features/charts/prepare-bars";
import { methodColour, methodLook, methodPlace } from "~/features/methods";
import type { Outputs } from "~/trpc/client";

export type LowResource = Outputs["results"]["figure6"]["datasets"][number];

export interface LinePoint {
	/** Share of the training sequences. */
	ratio: number;
	value: number;
	/** Interval over users, or a deviation to either side over seeds; null without one. */
	band: [number, number] | null;
}

export interface MethodLine {
	method: string;
	title: string;
	/** Any CSS colour. */
	colour: string;
	points: LinePoint[];
}

/** One row a share: each method's value under its id and its band under `band ID`. */
export type LineRow = Record<string, number | [number, number]>;

/** A dataset's learning curves in drawing order, ours last and on top; methods without a point are left out. */
export function prepareLines({ curves }: Pick<LowResource, "curves">, name: MetricName): MethodLine[] {
	return [...curves]
		.sort((a, b) => methodPlace(a.method) - methodPlace(b.method))
		.map(({ method, points }) => ({
			method,
			title: methodLook(method).title,
			colour: methodColour(method),
			points: points.flatMap(({ ratio, metrics }): LinePoint[] => {
				const metric = metrics[name];
				if (!metric) return [];
				const spread = spreadOf(metric);
				const band: [number, number] | null = spread ? [metric.value - spread[0], metric.value + spread[1]] : null;
				return [{ ratio, value: metric.value, band }];
			}),
		}))
		.filter(({ points }) => points.length > 0);
}

export function lineRows(lines: readonly MethodLine[]): LineRow[] {
	const rows = new Map<number, LineRow>();
	for (const { method, points } of lines) {
		for (const { ratio, value, band } of points) {
			const row = rows.get(ratio) ?? { ratio };
			row[method] = value;
			if (band !== null) row[bandKey(method)] = band;
			rows.set(ratio, row);
		}
	}
	return [...rows.entries()].sort(([a], [b]) => a - b).map(([, row]) => row);
}

export const bandKey = (method: string): string => `band ${method}`;

/** The largest value that the lines and their bands reach; 0 for none. */
export function reachOfLines(lines: readonly MethodLine[]): number {
	return Math.max(0, ...lines.flatMap(({ points }) => points.map(({ value, band }) => band?.[1] ?? value)));
}

/** `25 %`. */
export function formatRatio(ratio: number): string {
	return `${Number((100 * ratio).toFixed(1))} %`;
}

/**
 * The curves' ends in one sentence. Who is above whom it leaves to the findings beside it, which test it: intervals of
 * single methods settle no order.
 */
export function describeLines(lines: readonly MethodLine[], name: MetricName): string {
	const ratios = lines.flatMap(({ points }) => points.map(({ ratio }) => ratio));
	if (ratios.length === 0) return "";
	const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
	const at = (ratio: number, { points }: MethodLine) =>
		points.find((point) => point.ratio === ratio)?.value.toFixed(3) ?? "not measured";
	const ends = lines.map((line) =>
		least === most ? `${line.title} ${at(least, line)}` : `${line.title} ${at(least, line)} and ${at(most, line)}`,
	);
	const shares = least === most ? formatRatio(least) : `${formatRatio(least)} and ${formatRatio(most)}`;
	return `${METRIC_TITLES[name]} with ${shares} of the training sequences: ${ends.join(", ")}.`;
}

/** The values behind the chart. */
export function linesGrid(lines: readonly MethodLine[], caption: string, name: MetricName): Grid {
	return {
		caption,
		columns: ["Method", "Share of training", METRIC_TITLES[name], "Low", "High"],
		rows: lines.flatMap(({ title, points }) =>
			points.map(({ ratio, value, band }) =>
				[title, String(ratio), value.toFixed(4), band?.[0].toFixed(4) ?? "", band?.[1].toFixed(4) ?? ""].map(
					(text) => ({ text }),
				),
			),
		),
		notes: [],
	};
}
