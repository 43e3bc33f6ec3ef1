"use client";
import { ChartFrame, formatCount, formatMetric } from "@atelier/ui";
import {
	CartesianGrid,
	LabelList,
	Line,
	LineChart,
	ResponsiveContainer,
	Tooltip,
	type TooltipContentProps,
	XAxis,
	YAxis,
} from "recharts";
import { spreadLabels } from "~/features/charts/spread-labels";
import type { Curve, CurveChart as CurveChartData } from "./prepare-curves";

const CURVE_HEIGHT = 240;
/** Without margins and the x axis. */
const DRAWING_HEIGHT = 198;
const LABEL_GAP = 15;

export function CurveChart({ chart }: { chart: CurveChartData }) {
	const lastIndex = new Map(
		chart.curves.map((curve) => [curve.key, chart.rows.findLastIndex((row) => row[curve.key] !== undefined)]),
	);
	const [low, high] = [chart.ticks[0] ?? 0, chart.ticks.at(-1) ?? 1];
	const labelled = chart.curves.some(({ endLabel }) => endLabel !== "");
	const shifts = spreadLabels(
		chart.curves.map(({ last }) => last.value),
		DRAWING_HEIGHT / (high - low),
		LABEL_GAP,
	);
	return (
		<ChartFrame title={chart.title} height={CURVE_HEIGHT} caption={chart.caption}>
			<ResponsiveContainer width="100%" height="100%">
				<LineChart
					data={chart.rows}
					margin={{ top: 8, right: labelled ? 76 : 12, bottom: 4, left: 0 }}
					accessibilityLayer
				>
					<CartesianGrid vertical={false} stroke="var(--line)" />
					<XAxis
						dataKey="step"
						type="number"
						domain={["dataMin", "dataMax"]}
						tickFormatter={formatCount}
						stroke="var(--line-strong)"
						tickLine={false}
						minTickGap={40}
					/>
					<YAxis
						width={52}
						domain={[low, high]}
						ticks={chart.ticks}
						interval={0}
						tickFormatter={(value: number) => (value === 0 ? "0" : formatMetric(value))}
						axisLine={false}
						tickLine={false}
					/>
					<Tooltip content={(props) => <CurveTooltip {...props} curves={chart.curves} />} isAnimationActive={false} />
					{chart.curves.map((curve, position) => (
						<Line
							key={curve.key}
							dataKey={curve.key}
							stroke={curve.colour}
							strokeWidth={1.75}
							strokeDasharray={curve.dashed ? "5 3" : undefined}
							dot={chart.rows.length < 3 ? { r: 3, fill: curve.colour } : false}
							activeDot={{ r: 3.5 }}
							connectNulls
							isAnimationActive={false}
						>
							<LabelList
								dataKey={curve.key}
								content={({ x, y, index }) =>
									index === lastIndex.get(curve.key) ? (
										<text
											x={Number(x) + 8}
											y={Number(y) + (shifts[position] ?? 0)}
											dy={4}
											fontSize={12}
											fill={curve.colour}
										>
											{curve.endLabel}
										</text>
									) : null
								}
							/>
						</Line>
					))}
				</LineChart>
			</ResponsiveContainer>
		</ChartFrame>
	);
}

type CurveTooltipProps = Pick<TooltipContentProps<number, string>, "active" | "label" | "payload"> & {
	curves: readonly Curve[];
};

/** All curves at the step under the pointer, highest first as drawn. */
function CurveTooltip({ active, label, payload, curves }: CurveTooltipProps) {
	if (!active || !payload?.length) return null;
	const rows = curves
		.map((curve) => ({ curve, value: payload.find(({ dataKey }) => dataKey === curve.key)?.value }))
		.filter((row): row is { curve: Curve; value: number } => typeof row.value === "number")
		.sort((a, b) => b.value - a.value);
	return (
		<div className="rounded-md border bg-raised px-2.5 py-1.5 text-xs shadow-float">
			<p className="mb-1 text-ink-faint tabular-nums">step {formatCount(Number(label))}</p>
			{rows.map(({ curve, value }) => (
				<p key={curve.key} className="flex items-center justify-between gap-4">
					<span className="flex items-center gap-1.5">
						<span aria-hidden className="h-0.5 w-3" style={{ background: curve.colour }} />
						{curve.label}
					</span>
					<span className="font-medium tabular-nums">{formatMetric(value)}</span>
				</p>
			))}
		</div>
	);
}
