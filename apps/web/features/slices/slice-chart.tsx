"use client";
import { methodTitle } from "@atelier/core";
import { ChartFrame, formatMetric } from "@atelier/ui";
import { prepareTicks } from "~/features/charts/ticks";
import type { MetricKind } from "~/features/compare/compare-view";
import { ChartMenu } from "~/features/exports/chart-menu";
import { chartNotes } from "~/features/exports/chart-notes";
import { MARKER_PATHS, methodColour, methodLook } from "~/features/methods";
import {
	figureIn,
	groupTitle,
	methodsOfView,
	metricOf,
	metricTitleOf,
	reachOfGroups,
	slicesGrid,
} from "./prepare-slices";
import type { Sliced } from "./slice-types";

const WIDTH = 720;
const LEFT = 150;
const RIGHT = 24;
const AXIS = 30;
const LEGEND = 26;
/** Of one method within its group. */
const LINE = 9;
const GAP = 14;
const LETTERS = 22;

/** A row a group, a mark a method with its interval: where methods part ways. */
export function SliceChart({ view, kind }: { view: Sliced; kind: MetricKind }) {
	const groups = [...(view.groups ?? [])].sort((a, b) => a.place - b.place);
	const methods = methodsOfView(view);
	const metric = metricOf(kind, view);
	const ticks = prepareTicks(reachOfGroups(groups, metric));
	const most = ticks.at(-1) ?? 1;
	const x = (value: number) => LEFT + ((WIDTH - LEFT - RIGHT) * value) / most;
	const tall = methods.length * LINE + GAP;
	const height = LEGEND + groups.length * tall + AXIS;
	const title = `${metricTitleOf(kind, view)} by ${(view.by?.title ?? "slice").toLowerCase()} on ${view.dataset.name}`;
	return (
		<ChartFrame
			title={title}
			height={height}
			state={groups.length === 0 ? "empty" : "ready"}
			caption="Marks are values, lines their 95 % intervals over shoppers; groups stand in the order of their values. Faint: fewer than 30 shoppers."
			actions={
				<ChartMenu
					name={`slices-${view.dataset.name}-${view.by?.name ?? "all"}-${metric}`}
					title={title}
					notes={[
						`Slice: ${view.slice || "all test shoppers"}.`,
						...chartNotes({ ...view.dataset, spread: "Whiskers" }),
					]}
					data={() => slicesGrid(view, kind)}
				/>
			}
		>
			<div className="overflow-x-auto">
				<svg
					data-drawing
					viewBox={`0 0 ${WIDTH} ${height}`}
					width={WIDTH}
					height={height}
					role="img"
					aria-label={title}
					className="block"
				>
					{methods.map((method, place) => (
						<g key={method} transform={`translate(${legendAt(methods, place)} 4)`}>
							<path d={MARKER_PATHS[methodLook(method).marker]} transform="scale(0.75)" fill={methodColour(method)} />
							<text x={14} y={9} fontSize={11} fill="var(--ink-muted)">
								{methodTitle(method)}
							</text>
						</g>
					))}
					{ticks.map((tick) => (
						<g key={tick}>
							<line x1={x(tick)} x2={x(tick)} y1={LEGEND} y2={height - AXIS} stroke="var(--line)" strokeWidth={1} />
							<text x={x(tick)} y={height - AXIS + 16} textAnchor="middle" fontSize={11} fill="var(--ink-faint)">
								{String(tick)}
							</text>
						</g>
					))}
					{groups.map((group, row) => (
						<g key={group.slice} transform={`translate(0 ${LEGEND + row * tall})`} opacity={group.isSmall ? 0.45 : 1}>
							{row > 0 ? <line x1={0} x2={WIDTH} y1={0} y2={0} stroke="var(--line)" strokeWidth={1} /> : null}
							<text x={LEFT - 12} y={tall / 2} dy={4} textAnchor="end" fontSize={12} fill="var(--ink)">
								{short(groupTitle(group, view.by))}
								<title>{`${group.slice}: ${group.users} shoppers`}</title>
							</text>
							{methods.map((method, line) => {
								const figure = figureIn(group, method, metric);
								if (figure === null) return null;
								const y = GAP / 2 + line * LINE + LINE / 2;
								const colour = methodColour(method);
								return (
									<g key={method}>
										<title>{`${methodTitle(method)} ${formatMetric(figure.value)}`}</title>
										{figure.low !== null && figure.high !== null ? (
											<line x1={x(figure.low)} x2={x(figure.high)} y1={y} y2={y} stroke={colour} strokeWidth={1.25} />
										) : null}
										<path
											d={MARKER_PATHS[methodLook(method).marker]}
											transform={`translate(${x(figure.value) - 4.5} ${y - 4.5}) scale(0.75)`}
											fill={colour}
										/>
									</g>
								);
							})}
						</g>
					))}
				</svg>
			</div>
		</ChartFrame>
	);
}

const short = (text: string) => (text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text);

/** Where a method's name begins in the line over the drawing, by the letters before it. */
function legendAt(methods: readonly string[], place: number): number {
	return methods.slice(0, place).reduce((x, method) => x + 32 + 6.2 * methodTitle(method).length, 0);
}
