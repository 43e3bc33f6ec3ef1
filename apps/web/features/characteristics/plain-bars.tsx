"use client";
import { ChartFrame, formatCount, formatShare } from "@atelier/ui";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { ChartMenu } from "~/features/exports/chart-menu";
import { type BarChartData, barsGrid } from "./prepare-bars";

export interface PlainBarsProps {
	/** Null where the log cannot give it. */
	chart: BarChartData | null;
	/** Stands above the empty place when there is no chart. */
	title: string;
	/** Why there is none. */
	emptyText: string;
	/** Name of exported files. */
	name: string;
	height: number;
	/** Under the category axis. */
	axis?: string;
}

/** A quiet chart of one measured quantity: bars of one colour from zero. */
export function PlainBars({ chart, title, emptyText, name, height, axis }: PlainBarsProps) {
	if (chart === null) {
		return (
			<ChartFrame title={title} height={96} state="empty" emptyText={emptyText}>
				{null}
			</ChartFrame>
		);
	}
	const format = (value: number) => (chart.percent ? formatShare(value) : formatCount(value));
	return (
		<ChartFrame
			title={chart.title}
			height={height}
			actions={<ChartMenu name={name} title={chart.title} data={() => barsGrid(chart)} />}
		>
			<ResponsiveContainer width="100%" height="100%">
				<BarChart data={chart.bars} margin={{ top: 8, right: 8, bottom: axis ? 14 : 0, left: 0 }} accessibilityLayer>
					<CartesianGrid vertical={false} stroke="var(--line)" />
					<XAxis
						dataKey="label"
						stroke="var(--line-strong)"
						tickLine={false}
						minTickGap={4}
						label={axis ? { value: axis, position: "insideBottom", offset: -10, fill: "var(--ink-faint)" } : undefined}
					/>
					<YAxis
						width={52}
						domain={[0, chart.ticks.at(-1) ?? 1]}
						ticks={chart.ticks}
						interval={0}
						tickFormatter={format}
						axisLine={false}
						tickLine={false}
					/>
					<Tooltip
						isAnimationActive={false}
						cursor={{ fill: "var(--hover)" }}
						content={({ active, label }) => {
							const bar = chart.bars.find((candidate) => candidate.label === label);
							return active && bar ? (
								<p className="rounded-md border bg-raised px-2.5 py-1.5 text-xs shadow-float tabular-nums">
									<span className="text-ink-faint">{bar.label}</span> {bar.detail}
								</p>
							) : null;
						}}
					/>
					<Bar dataKey="value" fill="var(--accent)" maxBarSize={28} radius={[2, 2, 0, 0]} isAnimationActive={false} />
				</BarChart>
			</ResponsiveContainer>
		</ChartFrame>
	);
}
