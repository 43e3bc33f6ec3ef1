"use client";
import { ChartFrame } from "@atelier/ui";
import { ResponsiveContainer, Scatter, ScatterChart, Tooltip, usePlotArea, XAxis, YAxis } from "recharts";
import { ChartMenu } from "~/features/exports/chart-menu";
import type { AttributeDemand } from "./characteristics-types";
import { type LiftTile, liftGrid, prepareLift } from "./prepare-lift";

const ROW_HEIGHT = 26;
const AXIS_HEIGHT = 34;
const LABEL_WIDTH = 104;

/** Values by months as tiles with their lift: more than expected in the accent, less in amber, deeper the further. */
export function LiftChart({ demand, name }: { demand: AttributeDemand; name: string }) {
	const chart = prepareLift(demand);
	const empty = chart.tiles.length === 0;
	return (
		<ChartFrame
			title={chart.title}
			height={empty ? 96 : chart.values.length * ROW_HEIGHT + AXIS_HEIGHT}
			caption={chart.caption}
			state={empty ? "empty" : "ready"}
			emptyText="No value was bought often enough."
			actions={empty ? null : <ChartMenu name={name} title={chart.title} data={() => liftGrid(demand)} />}
		>
			<ResponsiveContainer width="100%" height="100%">
				<ScatterChart margin={{ top: 4, right: 4, bottom: 0, left: 0 }} accessibilityLayer>
					<XAxis
						type="category"
						dataKey="month"
						domain={chart.months}
						allowDuplicatedCategory={false}
						interval={0}
						tickFormatter={(month: string) => month.slice(0, 1)}
						axisLine={false}
						tickLine={false}
					/>
					<YAxis
						type="category"
						dataKey="value"
						domain={chart.values}
						allowDuplicatedCategory={false}
						interval={0}
						reversed
						width={LABEL_WIDTH}
						axisLine={false}
						tickLine={false}
					/>
					<Tooltip
						isAnimationActive={false}
						cursor={false}
						content={({ active, payload }) => {
							const tile: LiftTile | undefined = payload?.[0]?.payload;
							return active && tile ? <TileTooltip tile={tile} /> : null;
						}}
					/>
					<Scatter data={chart.tiles} isAnimationActive={false} shape={<Tile months={chart.months.length} />} />
				</ScatterChart>
			</ResponsiveContainer>
		</ChartFrame>
	);
}

interface TileProps {
	months: number;
	cx?: number;
	cy?: number;
	payload?: LiftTile;
}

function Tile({ months, cx, cy, payload }: TileProps) {
	const plot = usePlotArea();
	if (cx === undefined || cy === undefined || payload === undefined) return null;
	const { verdict, strength, lift } = payload;
	const width = Math.max(12, (plot?.width ?? 0) / months - 3);
	const height = ROW_HEIGHT - 3;
	const readable = verdict !== "small";
	return (
		<g>
			<rect
				x={cx - width / 2}
				y={cy - height / 2}
				width={width}
				height={height}
				rx={2}
				fill={!readable ? "none" : lift >= 1 ? "var(--accent)" : "var(--cancelled)"}
				fillOpacity={0.06 + 0.5 * strength}
				stroke={readable ? "none" : "var(--line)"}
			/>
			<text
				x={cx}
				y={cy}
				dy={3.5}
				textAnchor="middle"
				fontSize={width < 26 ? 9 : 11}
				fontWeight={verdict === "more" || verdict === "less" ? 600 : 400}
				fill={readable ? "var(--ink)" : "var(--ink-faint)"}
			>
				{lift.toFixed(1)}
			</text>
		</g>
	);
}

const VERDICTS: Record<LiftTile["verdict"], string> = {
	more: "More than expected.",
	less: "Less than expected.",
	level: "Not told apart from 1.",
	small: "Fewer than five expected: too few to read.",
};

function TileTooltip({ tile }: { tile: LiftTile }) {
	return (
		<div className="max-w-64 rounded-md border bg-raised px-2.5 py-1.5 text-xs shadow-float tabular-nums">
			<p className="font-medium">
				{tile.value} in {tile.month}
			</p>
			<p className="text-ink-muted">{tile.detail}</p>
			<p className="text-ink-faint">{VERDICTS[tile.verdict]}</p>
		</div>
	);
}
