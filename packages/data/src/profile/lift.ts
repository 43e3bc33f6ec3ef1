import type { AttributeDemand, LiftCell, LiftRow } from "./characteristics-schema";

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959964;
/** Below this many expected purchases a cell is marked small (the usual rule for χ²). */
const FEWEST_EXPECTED = 5;
/** Values bought less often are left out: none of their cells could be read. */
const FEWEST_PURCHASES = 20;
/** Rows of one attribute; the rest are counted, not shown. */
const MOST_VALUES = 12;

export interface MonthCount {
	month: number;
	purchases: number;
}

/** Purchases of items with one attribute value, by month of the year. */
export interface ValueMonth extends MonthCount {
	value: string;
}

/** Wilson's interval of `hits` out of `total`, 95 %; `[0, 1]` for none. */
export function wilsonInterval(hits: number, total: number): [low: number, high: number] {
	if (total === 0) return [0, 1];
	const share = hits / total;
	const scale = 1 + Z ** 2 / total;
	const centre = (share + Z ** 2 / (2 * total)) / scale;
	const half = (Z / scale) * Math.sqrt((share * (1 - share)) / total + Z ** 2 / (4 * total ** 2));
	return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/**
 * Lift of one attribute's values by month: the share of a value's purchases that fall in a month over the share of all
 * purchases that do. 1 where demand for the value does not hang on the month. The interval is Wilson's for the value's
 * share; that of all purchases is taken as known, since it rests on far more of them.
 *
 * @param all purchases by month, with or without the attribute
 * @param counts purchases by value and month; an item with two values counts for both
 * @param covered purchases whose item has any value
 */
export function demandByMonth(
	attribute: AttributeDemand["attribute"],
	all: readonly MonthCount[],
	counts: readonly ValueMonth[],
	covered: number,
): AttributeDemand {
	const total = all.reduce((sum, { purchases }) => sum + purchases, 0);
	const totals = new Map<string, number>();
	for (const { value, purchases } of counts) totals.set(value, (totals.get(value) ?? 0) + purchases);
	const ordered = [...totals].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
	const kept = ordered.filter(([, purchases]) => purchases >= FEWEST_PURCHASES).slice(0, MOST_VALUES);
	const rows = kept.map(([value, purchases]): LiftRow => {
		const own = new Map(counts.filter((row) => row.value === value).map((row) => [row.month, row.purchases]));
		const cells = all.map(({ month, purchases: inMonth }) =>
			liftCell(month, own.get(month) ?? 0, purchases, inMonth / total),
		);
		return { value, purchases, cells };
	});
	const readable = rows.flatMap(({ cells }) => cells).filter(({ small }) => !small);
	return {
		attribute,
		coverage: covered / Math.max(1, total),
		swing: swingOf(rows),
		cells: readable.length,
		cellsApart: readable.filter(({ low, high }) => low > 1 || high < 1).length,
		rows,
		valuesLeftOut: ordered.length - kept.length,
	};
}

/** @param monthShare of all purchases; above 0 */
function liftCell(month: number, purchases: number, ofValue: number, monthShare: number): LiftCell {
	const [low, high] = wilsonInterval(purchases, ofValue);
	const expected = ofValue * monthShare;
	return {
		month,
		purchases,
		expected,
		lift: purchases / expected,
		low: low / monthShare,
		high: high / monthShare,
		small: expected < FEWEST_EXPECTED,
	};
}

/**
 * χ²/n is the mean of (lift − 1)² over the cells, weighted by what is expected in them; chance alone makes it df/n, so
 * that much is taken off. Months are judged against all purchases, hence months − 1 degrees of freedom a value.
 */
function swingOf(rows: readonly LiftRow[]): number {
	const n = rows.reduce((sum, { purchases }) => sum + purchases, 0);
	if (n === 0) return 0;
	const chi = rows
		.flatMap(({ cells }) => cells)
		.reduce((sum, { purchases, expected }) => sum + (purchases - expected) ** 2 / expected, 0);
	const degrees = rows.reduce((sum, { cells }) => sum + cells.length - 1, 0);
	return Math.sqrt(Math.max(0, chi - degrees) / n);
}
