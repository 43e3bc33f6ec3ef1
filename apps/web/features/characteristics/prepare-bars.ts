import type { Grid } from "@atelier/core";
import { formatCount, formatShare } from "@atelier/ui";
import { prepareTicks } from "~/features/charts/ticks";
import type { Characteristics } from "./characteristics-types";

export interface PlainBar {
	/** Under the bar: `Mar`, `Mar 25`, `10+`. */
	label: string;
	value: number;
	/** The tooltip's words. */
	detail: string;
}

/** Bars from zero, ready to draw. */
export interface BarChartData {
	title: string;
	/** The value axis's unit, in words. */
	unit: string;
	bars: PlainBar[];
	/** Round values from 0 past the largest bar. */
	ticks: number[];
	percent: boolean;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `3` as `Mar`. */
export function monthName(month: number): string {
	return MONTHS[month - 1] ?? String(month);
}

/** `2025-03` as `Mar`, with its year where the log has more than one. */
export function monthLabels(months: readonly { month: string }[]): string[] {
	const years = new Set(months.map(({ month }) => month.slice(0, 4)));
	return months.map(({ month }) => {
		const name = monthName(Number(month.slice(5, 7)));
		return years.size === 1 ? name : `${name} ${month.slice(2, 4)}`;
	});
}

function chart(title: string, unit: string, bars: PlainBar[], percent = false): BarChartData {
	const most = Math.max(0, ...bars.map(({ value }) => value));
	return { title, unit, bars, percent, ticks: prepareTicks(most) };
}

/** New products by month; null where the log cannot tell. */
export function prepareNewProducts({ newProducts }: Characteristics["turnover"]): BarChartData | null {
	if (!newProducts.available) return null;
	const labels = monthLabels(newProducts.months);
	const bars = newProducts.months.map(({ products }, index) => ({
		label: labels[index] ?? "",
		value: products,
		detail: `${formatCount(products)} new products`,
	}));
	return chart("New products by month", "products", bars);
}

/** Fewest test purchases of a month whose share is drawn. */
const FEWEST_TESTED = 10;

/** Share of test purchases unseen in training, by month; months with few are left out, null where none is left. */
export function prepareUnseen({ unseen }: Characteristics["turnover"]): BarChartData | null {
	if (!unseen.available) return null;
	const labels = monthLabels(unseen.months);
	const bars = unseen.months.flatMap((row, index) => {
		if (row.purchases < FEWEST_TESTED) return [];
		const value = row.unseen / row.purchases;
		return [
			{
				label: labels[index] ?? "",
				value,
				detail: `${formatCount(row.unseen)} of ${formatCount(row.purchases)} unseen (${formatShare(value)})`,
			},
		];
	});
	return bars.length === 0 ? null : chart("Test purchases unseen in training, by month", "share", bars, true);
}

/** How many purchases were made after comparing so many products; null where the log cannot tell. */
export function prepareCompared({ compared }: Characteristics["comparisons"]): BarChartData | null {
	if (!compared.available) return null;
	const bars = compared.bins.map(({ products, purchases }, index) => {
		const label = index === compared.bins.length - 1 ? `${products}+` : String(products);
		const value = purchases / compared.purchases;
		return {
			label,
			value,
			detail: `${label} compared: ${formatCount(purchases)} purchases (${formatShare(value)})`,
		};
	});
	return chart("Purchases by products compared before them", "share of purchases", bars, true);
}

/** Distinct queries of a day, by month; null where the log cannot tell. */
export function prepareQueries(diversity: Characteristics["queryDiversity"]): BarChartData | null {
	if (!diversity.available || !diversity.perDay.available) return null;
	const labels = monthLabels(diversity.perDay.months);
	const bars = diversity.perDay.months.map(({ mean, days }, index) => ({
		label: labels[index] ?? "",
		value: mean,
		detail: `${mean.toFixed(1)} unique queries a day, over ${days} days`,
	}));
	return chart("Unique queries a day, by month", "queries a day", bars);
}

/** The values behind a chart of bars. */
export function barsGrid({ title, unit, bars }: BarChartData): Grid {
	return {
		caption: title,
		columns: ["", unit],
		rows: bars.map(({ label, value }) => [{ text: label }, { text: String(Number(value.toPrecision(6))) }]),
		notes: [],
	};
}
