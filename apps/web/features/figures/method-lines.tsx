"use client";
import type { MetricName } from "@atelier/core";
import { ChartFrame, formatMetric } from "@atelier/ui";
import {
	Area,
	CartesianGrid,
	ComposedChart,
	LabelList,
	Line,
	ResponsiveContainer,
	Tooltip,
	XAxis,
	YAxis,
} from "recharts";
import { spreadLabels } from "~/features/charts/spread-labels";
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { ChartMenu } from "~/features/exports/chart-menu";
import { chartNotes } from "~/features/exports/chart-notes";
import { MARKER_PATHS, MethodMarker, methodLook } from "~/features/methods";
import { bandKey, describeLines, formatRatio, lineRows, linesGrid, type MethodLine } from "./prepare-lines";

const HEIGHT = 300;
/** Without margins and the x axis. */
const DRAWING_HEIGHT = 240;
const LABEL_GAP = 15;
const LABEL_WIDTH = 128;

export interface MethodLinesProps {
	title: string;
	/** Name of exported files. */
	name: string;
	metric: MetricName;
	lines: readonly MethodLine[];
	/** Of the value axis, the same for charts that are read together. */
	ticks: number[];
	/** Of the dataset that was tested on. */
	labels: { synthetic: boolean; queriesDerived: boolean };
}

/** A line a method over the share of training sequences, its interval as a soft band, its name at the line's end. */
export function MethodLines({ title, name, metric, lines, ticks, labels }: MethodLinesProps) {
	const rows = lineRows(lines);
	const ratios = rows.map(({ ratio }) => Number(ratio));
	const top = ticks.at(-1) ?? 1;
	const shifts = spreadLabels(
		lines.map(({ points }) => points.at(-1)?.value ?? 0),
		DRAWING_HEIGHT / top,
		LABEL_GAP,
	);
	return (
		<ChartFrame
			title={title}
			actions={
				<span className="flex items-center gap-2">
					<DatasetLabels dataset={labels} />
					<ChartMenu
						name={name}
						title={title}
						notes={chartNotes({ ...labels, spread: "Bands" })}
						data={() => linesGrid(lines, title, metric)}
					/>
				</span>
			}
			height={HEIGHT}
			caption={describeLines(lines, metric)}
			state={lines.length === 0 ? "empty" : "ready"}
		>
			<ResponsiveContainer width="100%" height="100%">
				<ComposedChart data={rows} margin={{ top: 8, right: LABEL_WIDTH, bottom: 20, left: 0 }} accessibilityLayer>
					<CartesianGrid vertical={false} stroke="var(--line)" />
					<XAxis
						dataKey="ratio"
						type="number"
						domain={[0, 1]}
						ticks={ratios}
						tickFormatter={(ratio: number) => String(Math.round(ratio * 1000) / 10)}
						interval={0}
						stroke="var(--line-strong)"
						tickLine={false}
						label={{ value: "% of the training sequences", position: "insideBottom", offset: -14 }}
					/>
					<YAxis
						width={44}
						domain={[0, top]}
						ticks={ticks}
						interval={0}
						tickFormatter={String}
						axisLine={false}
						tickLine={false}
					/>
					<Tooltip
						isAnimationActive={false}
						content={({ active, label }) => (active ? <ShareTooltip ratio={Number(label)} lines={lines} /> : null)}
					/>
					{lines.map(({ method, colour }) => (
						<Area
							key={bandKey(method)}
							dataKey={bandKey(method)}
							stroke="none"
							fill={colour}
							fillOpacity={0.14}
							activeDot={false}
							connectNulls
							isAnimationActive={false}
						/>
					))}
					{lines.map(({ method, title: label, colour, points }, place) => (
						<Line
							key={method}
							dataKey={method}
							stroke={colour}
							strokeWidth={method === "ours" ? 2.5 : 1.75}
							dot={(dot: DotProps) => (
								<MarkerDot key={`${method} ${dot.index}`} {...dot} method={method} colour={colour} />
							)}
							activeDot={false}
							connectNulls
							isAnimationActive={false}
						>
							<LabelList
								dataKey={method}
								content={({ x, y, index }) =>
									ratios[index ?? -1] === points.at(-1)?.ratio ? (
										<text x={Number(x) + 10} y={Number(y) + (shifts[place] ?? 0)} dy={4} fontSize={12} fill={colour}>
											{label}
										</text>
									) : null
								}
							/>
						</Line>
					))}
				</ComposedChart>
			</ResponsiveContainer>
		</ChartFrame>
	);
}

interface DotProps {
	cx?: number;
	cy?: number;
	index?: number;
}

function MarkerDot({ cx, cy, method, colour }: DotProps & { method: string; colour: string }) {
	if (cx === undefined || cy === undefined || !Number.isFinite(cy)) return null;
	return (
		<path
			d={MARKER_PATHS[methodLook(method).marker]}
			transform={`translate(${cx - 6} ${cy - 6})`}
			fill={colour}
			stroke="var(--canvas)"
			strokeWidth={1}
		/>
	);
}

/** All methods at the share under the pointer, highest first as drawn. */
function ShareTooltip({ ratio, lines }: { ratio: number; lines: readonly MethodLine[] }) {
	const rows = lines
		.flatMap((line) => line.points.filter((point) => point.ratio === ratio).map((point) => ({ ...line, ...point })))
		.sort((a, b) => b.value - a.value);
	if (rows.length === 0) return null;
	return (
		<div className="rounded-md border bg-raised px-2.5 py-1.5 text-xs shadow-float tabular-nums">
			<p className="mb-1 text-ink-faint">{formatRatio(ratio)} of the training sequences</p>
			{rows.map(({ method, title, value, band }) => (
				<p key={method} className="flex items-center justify-between gap-4">
					<span className="flex items-center gap-1.5">
						<MethodMarker method={method} /> {title}
					</span>
					<span>
						<span className="font-medium">{formatMetric(value)}</span>
						{band ? (
							<span className="text-ink-faint">
								{" "}
								{formatMetric(band[0])}–{formatMetric(band[1])}
							</span>
						) : null}
					</span>
				</p>
			))}
		</div>
	);
}
