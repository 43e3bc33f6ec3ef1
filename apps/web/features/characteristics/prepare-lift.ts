import type { Grid } from "@atelier/core";
import { formatPlural } from "@atelier/ui";
import type { AttributeDemand } from "./characteristics-types";
import { monthName } from "./prepare-bars";

/** One value in one month of the year. */
export interface LiftTile {
	month: string;
	value: string;
	lift: number;
	/** `more` and `less` where the interval leaves 1 out, `level` where it does not, `small` where too few are expected. */
	verdict: "more" | "less" | "level" | "small";
	/** 0 to 1: how far from 1, on a scale on which twice and half are alike. */
	strength: number;
	detail: string;
}

export interface LiftChartData {
	title: string;
	months: string[];
	values: string[];
	tiles: LiftTile[];
	/** The sentence under it. */
	caption: string;
}

/** Four times or a quarter of the expected demand is drawn in full colour. */
const FULL = Math.log2(4);

/** The lifts of one attribute as tiles, values by months. */
export function prepareLift(demand: AttributeDemand): LiftChartData {
	const tiles = demand.rows.flatMap(({ value, cells }) =>
		cells.map((cell): LiftTile => {
			const { lift, low, high, small, purchases, expected } = cell;
			const verdict = small ? "small" : low > 1 ? "more" : high < 1 ? "less" : "level";
			const interval = `95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}`;
			return {
				month: monthName(cell.month),
				value,
				lift,
				verdict,
				strength: verdict === "small" ? 0 : Math.min(1, Math.abs(Math.log2(Math.max(lift, 1 / 64))) / FULL),
				detail: `${purchases} purchases, ${expected.toFixed(1)} expected: lift ${lift.toFixed(2)} (${interval})`,
			};
		}),
	);
	return {
		title: `Lift of demand by ${demand.attribute} and month`,
		months: [...new Set(tiles.map(({ month }) => month))],
		values: demand.rows.map(({ value }) => value),
		tiles,
		caption: describeLift(demand),
	};
}

function describeLift({ attribute, rows, cells, cellsApart, coverage, valuesLeftOut }: AttributeDemand): string {
	const carried = `${Math.round(coverage * 100)} % of purchases have ${attribute === "occasion" ? "an" : "a"} ${attribute}.`;
	const left =
		valuesLeftOut > 0
			? ` Left out: ${formatPlural(valuesLeftOut, "value")} with fewer than 20 purchases, or past the twelfth.`
			: "";
	if (rows.length === 0) return `${carried} No value has the 20 purchases that a row needs.`;
	if (cells === 0) return `${carried} Every cell expects fewer than five purchases, so none can be read.${left}`;
	const strongest = rows
		.flatMap(({ value, cells: own }) => own.map((cell) => ({ value, ...cell })))
		.filter(({ small, low }) => !small && low > 1)
		.sort((a, b) => b.low - a.low)[0];
	const peak = strongest
		? ` Surest: ${strongest.value} in ${monthName(strongest.month)}, ${strongest.lift.toFixed(1)} times its share.`
		: "";
	return `${carried} ${cellsApart} of ${cells} readable cells differ from 1 at 95 %; chance alone would give about ${Math.round(cells * 0.05)}.${peak}${left}`;
}

/** The values behind the tiles. */
export function liftGrid(demand: AttributeDemand): Grid {
	const text = (value: number | string) => ({ text: String(value) });
	return {
		caption: `Lift of demand by ${demand.attribute} and month`,
		columns: [demand.attribute, "month", "purchases", "expected", "lift", "low", "high"],
		rows: demand.rows.flatMap(({ value, cells }) =>
			cells.map((cell) =>
				[
					value,
					monthName(cell.month),
					cell.purchases,
					...[cell.expected, cell.lift, cell.low, cell.high].map((number) => number.toFixed(4)),
				].map(text),
			),
		),
		notes: [],
	};
}
