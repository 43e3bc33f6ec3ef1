"use client";
import { type Grid, METRIC_TITLES, type MetricName } from "@atelier/core";
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
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { ChartMenu } from "~/features/exports/chart-menu";
import { chartNotes } from "~/features/exports/chart-notes";
import { methodColour } from "~/features/methods";
import { MethodTick } from "./method-tick";
import { barsGrid, type ChartPoint } from "./prepare-bars";
import { describeLead, type TestedPair } from "./prepare-lead";

const ROW_HEIGHT = 32;
const AXIS_HEIGHT = 36;
const LABEL_WIDTH = 146;

export interface MethodBarsProps {
	/** What the bars stand for: `Recall@10 on hm`. */
	title: string;
	/** Name of exported files. */
	name: string;
	metric: MetricName;
	/** Of the metric where K is another than the paper's. */
	metricTitle?: string;
	points: readonly ChartPoint[];
	/** Of the value axis, the same for charts that are read together. */
	ticks: number[];
	/** Of the dataset that was tested on. */
	labels: { synthetic: boolean; queriesDerived: boolean };
	/** Paired tests between the methods on these very shoppers; empty until they are computed. */
	tests: readonly TestedPair[];
}

/** A bar a method with its interval, the paper's figure as a hollow circle. */
export function MethodBars(props: MethodBarsProps) {
	const { title, name, metric, metricTitle = METRIC_TITLES[metric], points, ticks, labels, tests } = props;
	const { synthetic, queriesDerived } = labels;
	const hasPaper = points.some(({ paper }) => paper !== undefined);
	const notes = chartNotes({ synthetic, queriesDerived, spread: "Whiskers", hasPaper });
	const data = (): Grid => barsGrid(points, title, metricTitle);
	return (
		<ChartFrame
			title={title}
			actions={
				<span className="flex items-center gap-2">
					<DatasetLabels dataset={labels} />
					{points.length > 0 ? <ChartMenu name={name} title={title} notes={notes} data={data} /> : null}
				</span>
			}
			height={points.length === 0 ? 96 : points.length * ROW_HEIGHT + AXIS_HEIGHT}
			caption={describeLead(points, metric, tests, metricTitle)}
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
					<YAxis
						type="category"
						dataKey="method"
						width={LABEL_WIDTH}
						axisLine={false}
						tickLine={false}
						interval={0}
						tick={<MethodTick />}
					/>
					<Tooltip
						isAnimationActive={false}
						cursor={{ fill: "var(--hover)" }}
						content={({ active, payload }) => {
							const point = points.find(({ method }) => method === payload?.[0]?.payload?.method);
							return active && point ? <PointTooltip point={point} metricTitle={metricTitle} /> : null;
						}}
					/>
					<Bar dataKey="value" barSize={12} isAnimationActive={false} shape={<MethodBar />}>
						<ErrorBar
							dataKey="spread"
							direction="x"
							width={5}
							strokeWidth={1.5}
							stroke="var(--ink)"
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

function PointTooltip({ point, metricTitle }: { point: ChartPoint; metricTitle: string }) {
	const { title, value, spread, paper } = point;
	return (
		<div className="rounded-md border bg-raised px-2.5 py-1.5 text-xs shadow-float tabular-nums">
			<p className="font-medium">
				{title} {metricTitle} {formatMetric(value)}
			</p>
			{spread ? (
				<p className="text-ink-muted">
					{formatMetric(value - spread[0])} to {formatMetric(value + spread[1])}
				</p>
			) : null}
			{paper === undefined ? null : (
				<p className="text-ink-faint">the paper's, on its own data: {formatMetric(paper)}</p>
			)}
		</div>
	);
}
