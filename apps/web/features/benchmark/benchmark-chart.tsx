"use client";
import { ChartFrame, formatMetric } from "@atelier/ui";
import {
	Bar,
	CartesianGrid,
	ComposedChart,
	ErrorBar,
	ResponsiveContainer,
	Scatter,
	Tooltip,
	XAxis,
	YAxis,
} from "recharts";
import { methodColour } from "~/features/methods";
import { type ChartPoint, describeLead, METRIC_TITLES, type MetricName } from "./prepare-benchmark";

const ROW_HEIGHT = 34;
const AXIS_HEIGHT = 36;

export interface BenchmarkChartProps {
	dataset: string;
	metric: MetricName;
	points: readonly ChartPoint[];
	/** Of the value axis, the same for all datasets on the page. */
	ticks: number[];
}

/** One dataset: a bar a method with its 95 % interval, the paper's figure as a hollow circle. */
export function BenchmarkChart({ dataset, metric, points, ticks }: BenchmarkChartProps) {
	return (
		<ChartFrame
			title={`${METRIC_TITLES[metric]} on ${dataset}`}
			height={points.length * ROW_HEIGHT + AXIS_HEIGHT}
			caption={describeLead(points, metric)}
			state={points.length === 0 ? "empty" : "ready"}
		>
			<ResponsiveContainer width="100%" height="100%">
				<ComposedChart
					data={[...points]}
					layout="vertical"
					margin={{ top: 4, right: 16, bottom: 4, left: 0 }}
					accessibilityLayer
				>
					<CartesianGrid horizontal={false} stroke="var(--line)" />
					<XAxis
						type="number"
						domain={[0, ticks.at(-1) ?? 1]}
						ticks={ticks}
						tickFormatter={String}
						stroke="var(--line-strong)"
						tickLine={false}
					/>
					<YAxis type="category" dataKey="title" width={84} axisLine={false} tickLine={false} />
					<Tooltip
						isAnimationActive={false}
						cursor={{ fill: "var(--hover)" }}
						content={({ active, payload }) => {
							const point = points.find(({ title }) => title === payload?.[0]?.payload?.title);
							return active && point ? <PointTooltip point={point} /> : null;
						}}
					/>
					<Bar dataKey="value" barSize={12} isAnimationActive={false} shape={<MethodBar />}>
						<ErrorBar
							dataKey="spread"
							direction="x"
							width={5}
							strokeWidth={1.25}
							stroke="var(--ink-muted)"
							isAnimationActive={false}
						/>
					</Bar>
					<Scatter dataKey="paper" isAnimationActive={false} shape={<PaperMark />} />
				</ComposedChart>
			</ResponsiveContainer>
		</ChartFrame>
	);
}

interface ShapeProps {
	x?: number;
	y?: number;
	width?: number;
	height?: number;
	cx?: number;
	cy?: number;
	payload?: ChartPoint;
}

function MethodBar({ x = 0, y = 0, width = 0, height = 0, payload }: ShapeProps) {
	return (
		<rect x={x} y={y} width={Math.max(0, width)} height={height} rx={2} fill={methodColour(payload?.method ?? "")} />
	);
}

function PaperMark({ cx, cy, payload }: ShapeProps) {
	if (cx === undefined || cy === undefined || payload?.paper === undefined) return null;
	return <circle cx={cx} cy={cy} r={4.5} fill="var(--surface)" stroke="var(--ink)" strokeWidth={1.75} />;
}

function PointTooltip({ point }: { point: ChartPoint }) {
	const { title, value, spread, paper } = point;
	return (
		<div className="rounded-md border bg-raised px-2.5 py-1.5 text-xs shadow-float tabular-nums">
			<p className="font-medium">
				{title} {formatMetric(value)}
			</p>
			{spread ? (
				<p className="text-ink-muted">
					95 % interval {formatMetric(value - spread[0])} to {formatMetric(value + spread[1])}
				</p>
			) : null}
			{paper === undefined ? null : (
				<p className="text-ink-faint">the paper's, on its own data: {formatMetric(paper)}</p>
			)}
		</div>
	);
}
