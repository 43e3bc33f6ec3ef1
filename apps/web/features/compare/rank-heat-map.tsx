"use client";
import { letterOf } from "@atelier/core";
import { ChartFrame, formatCount } from "@atelier/ui";
import { ChartMenu } from "~/features/exports/chart-menu";
import { chartNotes } from "~/features/exports/chart-notes";
import type { ComparedRun, JointRanks } from "./compare-types";
import type { RankCell } from "./compare-view";
import { describeHeatMap, heatMapGrid, prepareHeatMap, rankWords, shortCount } from "./prepare-heat-map";

const CELL = 32;
/** Room for the ranks and the axis titles. */
const LEFT = 62;
const TOP = 44;
/** From here on the cell is dark enough for the light ink. */
const DARK = 0.6;

export interface RankHeatMapProps {
	joint: JointRanks;
	first: ComparedRun;
	other: ComparedRun;
	/** The letter's place of the other run. */
	place: number;
	chosen: RankCell | null;
	onChoose: (cell: RankCell | null) => void;
}

/** Shoppers by the two ranks of their purchase: a count a cell, however many shoppers there are. */
export function RankHeatMap({ joint, first, other, place, chosen, onChoose }: RankHeatMapProps) {
	const map = prepareHeatMap(joint);
	const size = map.ranks.length * CELL;
	const [width, height] = [LEFT + size + 2, TOP + size + 2];
	const letter = letterOf(place);
	const title = `Rank of the purchase in A and in ${letter}`;
	const at = (rank: number) => map.ranks.indexOf(rank) * CELL;
	return (
		<ChartFrame
			title={title}
			actions={
				<ChartMenu
					name={`ranks-${first.method}-${other.method}`}
					title={title}
					notes={[...chartNotes(first), "Shade: the count's logarithm."]}
					data={() => heatMapGrid(map, letter)}
				/>
			}
			height={height}
			caption={`${describeHeatMap(map, letter, joint.k)} Shades follow the count's logarithm.`}
		>
			<svg
				data-drawing
				viewBox={`0 0 ${width} ${height}`}
				className="block h-full max-w-full"
				role="img"
				aria-label={`${title}. ${describeHeatMap(map, letter, joint.k)}`}
			>
				<text x={LEFT + size / 2} y={12} textAnchor="middle" fontSize={12} fill="var(--ink-muted)">
					{`Rank in ${letter}`}
				</text>
				<text
					transform={`translate(12 ${TOP + size / 2}) rotate(-90)`}
					textAnchor="middle"
					fontSize={12}
					fill="var(--ink-muted)"
				>
					Rank in A
				</text>
				{map.ranks.map((rank) => (
					<g key={rank} fontSize={11} fill="var(--ink-faint)">
						<text x={LEFT + at(rank) + CELL / 2} y={TOP - 10} textAnchor="middle">
							{rankWords(rank)}
						</text>
						<text x={LEFT - 10} y={TOP + at(rank) + CELL / 2} dy={4} textAnchor="end">
							{rankWords(rank)}
						</text>
					</g>
				))}
				{map.cells.map((cell) => {
					const isChosen = chosen?.first === cell.first && chosen.other === cell.other;
					const isDiagonal = cell.first === cell.other;
					return (
						// biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the pointer; the two selects above the shoppers do the same
						<g
							key={`${cell.first} ${cell.other}`}
							transform={`translate(${LEFT + at(cell.other)} ${TOP + at(cell.first)})`}
							className={cell.shoppers > 0 ? "cursor-pointer" : undefined}
							onClick={
								cell.shoppers === 0
									? undefined
									: () => onChoose(isChosen ? null : { first: cell.first, other: cell.other })
							}
						>
							<title>
								{`A ${rankWords(cell.first)}, ${letter} ${rankWords(cell.other)}: ${formatCount(cell.shoppers)} shoppers`}
							</title>
							<rect width={CELL} height={CELL} fill="var(--surface)" stroke="var(--line)" strokeWidth={1} />
							<rect width={CELL} height={CELL} fill="var(--accent)" fillOpacity={cell.shade * 0.92} />
							{isDiagonal ? (
								<rect
									x={1}
									y={1}
									width={CELL - 2}
									height={CELL - 2}
									fill="none"
									stroke="var(--ink-faint)"
									strokeWidth={1}
									strokeDasharray="2 2"
								/>
							) : null}
							{isChosen ? (
								<rect x={1} y={1} width={CELL - 2} height={CELL - 2} fill="none" stroke="var(--ink)" strokeWidth={2} />
							) : null}
							{cell.shoppers > 0 ? (
								<text
									x={CELL / 2}
									y={CELL / 2}
									dy={3.5}
									textAnchor="middle"
									fontSize={10}
									fill={cell.shade > DARK ? "var(--on-accent)" : "var(--ink)"}
								>
									{shortCount(cell.shoppers)}
								</text>
							) : null}
						</g>
					);
				})}
			</svg>
		</ChartFrame>
	);
}
