import type { Grid } from "@atelier/core";
import { formatCount } from "@atelier/ui";
import type { JointRanks } from "./compare-types";

export interface HeatCell {
	/** 1 to K, 0 for a purchase that is not among the first K. */
	first: number;
	other: number;
	shoppers: number;
	/** 0 to 1, on a scale of logarithms: the corner of shoppers whom neither serves would hide all others. */
	shade: number;
}

export interface HeatMap {
	/** In the order of both axes. */
	ranks: number[];
	cells: HeatCell[];
	shoppers: number;
	/** Whose purchase stands higher in the reference, in the other run, equally high in both, in neither list. */
	firstHigher: number;
	otherHigher: number;
	equal: number;
	neither: number;
}

export function prepareHeatMap({ k, counts }: JointRanks): HeatMap {
	const ranks = [...Array.from({ length: k }, (_, place) => place + 1), 0];
	const count = new Map(counts.map(({ first, other, shoppers }) => [`${first} ${other}`, shoppers]));
	const most = Math.max(1, ...counts.map(({ shoppers }) => shoppers));
	const cells = ranks.flatMap((first) =>
		ranks.map((other): HeatCell => {
			const shoppers = count.get(`${first} ${other}`) ?? 0;
			return { first, other, shoppers, shade: Math.log1p(shoppers) / Math.log1p(most) };
		}),
	);
	const sum = (holds: (first: number, other: number) => boolean) =>
		cells.filter(({ first, other }) => holds(order(first), order(other))).reduce((all, one) => all + one.shoppers, 0);
	return {
		ranks,
		cells,
		shoppers: sum(() => true),
		firstHigher: sum((first, other) => first < other),
		otherHigher: sum((first, other) => other < first),
		equal: sum((first, other) => first === other && first < Number.POSITIVE_INFINITY),
		neither: sum((first, other) => first === other && first === Number.POSITIVE_INFINITY),
	};
}

const order = (rank: number) => (rank === 0 ? Number.POSITIVE_INFINITY : rank);

export const rankWords = (rank: number): string => (rank === 0 ? "none" : String(rank));

/** The sentence under the plot. */
export function describeHeatMap(map: HeatMap, letter: string, k: number): string {
	const [shoppers, first, other, equal, neither] = [
		map.shoppers,
		map.firstHigher,
		map.otherHigher,
		map.equal,
		map.neither,
	].map(formatCount);
	return `Of ${shoppers} shoppers A ranks the purchase higher for ${first}, ${letter} for ${other}; for ${equal} both rank it the same, for ${neither} it is among the first ${k} of neither.`;
}

/** `1.2k`: what fits a cell of the plot. */
export function shortCount(count: number): string {
	if (count < 1_000) return String(count);
	const thousands = count / 1_000;
	return `${thousands < 10 ? thousands.toFixed(1) : Math.round(thousands)}k`;
}

/** The counts behind the plot, a row for each rank in A. */
export function heatMapGrid({ ranks, cells }: HeatMap, letter: string): Grid {
	return {
		name: "joint-ranks",
		caption: `Shoppers by the rank of their purchase in A (rows) and in ${letter} (columns).`,
		columns: [`A \\ ${letter}`, ...ranks.map(rankWords)],
		rows: ranks.map((first) => [
			{ text: rankWords(first) },
			...cells.filter((cell) => cell.first === first).map(({ shoppers }) => ({ text: String(shoppers) })),
		]),
		notes: [],
	};
}
