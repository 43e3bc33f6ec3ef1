import {
	type FigureData,
	type FigureRow,
	figureGrid,
	METRIC_NAMES,
	METRIC_TITLES,
	type MetricName,
	methodStyle,
	methodsInOrder,
	methodTitle,
	protocolCaption,
	visibleText,
} from "@atelier/core";
import type { GroupMark, Mark, Scale, Spec } from "vega";

const PANEL_WIDTH = 230;
const BAR_STEP = 22;
const CURVE_HEIGHT = 190;
export const CHART_FONT = "Geist";
const INK = "#1f2024";
const FAINT = "#8b8d98";
const LINE = "#e4e4e8";

interface Point {
	title: string;
	method: string;
	ratio: number | null;
	value: number;
	low: number;
	high: number;
}

/**
 * A figure as a Vega specification: a row of panels for each dataset (or pair of datasets), a column for each metric,
 * values from zero, 95 % intervals as whiskers or bands.
 */
export function figureSpec(data: FigureData): Spec {
	const panels = groupByPanel(data.rows);
	const drawn = methodsInOrder(data.rows.map(({ method }) => method)).filter((id) =>
		data.rows.some(({ method }) => method === id),
	);
	const isCurve = data.rows.some(({ ratio }) => ratio !== null);
	return {
		$schema: "https://vega.github.io/schema/vega/v6.json",
		background: "white",
		padding: 16,
		title: {
			text: visibleText(data.title),
			subtitle: conditionsOf(data, isCurve).map(visibleText),
			anchor: "start",
			fontSize: 15,
			offset: 14,
		},
		config: {
			title: {
				...{ font: CHART_FONT, color: INK, fontWeight: 600 },
				...{ subtitleFont: CHART_FONT, subtitleColor: FAINT, subtitleFontSize: 11, subtitlePadding: 4 },
			},
			axis: { labelFont: CHART_FONT, titleFont: CHART_FONT, labelColor: INK, titleColor: INK, tickColor: LINE },
			legend: { labelFont: CHART_FONT, labelColor: INK, labelFontSize: 11 },
		},
		layout: { columns: METRIC_NAMES.length, padding: { row: 34, column: 28 }, bounds: "full", align: "each" },
		scales: [
			{
				name: "method",
				type: "ordinal",
				domain: drawn.map((method) => visibleText(methodTitle(method))),
				range: drawn.map((method) => methodStyle(method).colour.light),
			},
		],
		// Bars carry their method's name; curves do not.
		...(isCurve && {
			legends: [{ stroke: "method", orient: "bottom", direction: "horizontal", symbolType: "stroke" }],
		}),
		marks: [...panels].flatMap(([panel, rows]) =>
			METRIC_NAMES.map((name) => {
				const title = `${panel}: ${METRIC_TITLES[name]}`;
				return isCurve ? curvePanel(title, pointsOf(rows, name)) : barPanel(title, pointsOf(rows, name));
			}),
		),
	};
}

/** Under the title: how it was measured, what the whiskers or bands are, and what of the data is synthetic. */
function conditionsOf(data: FigureData, isCurve: boolean): string[] {
	const spread = isCurve ? "Bands" : "Whiskers";
	const intervals = `${spread}: 95 % bootstrap interval over users, or the deviation over several seeds.`;
	return [`${protocolCaption(data.datasets)} ${intervals}`, ...figureGrid(data).notes];
}

function groupByPanel(rows: readonly FigureRow[]): Map<string, FigureRow[]> {
	const panels = new Map<string, FigureRow[]>();
	for (const row of rows) {
		const panel = row.source === null ? row.dataset : `${row.dataset} from ${row.source}`;
		panels.set(panel, [...(panels.get(panel) ?? []), row]);
	}
	return panels;
}

/** Over several seeds the interval drawn is mean ± deviation. */
function pointsOf(rows: readonly FigureRow[], name: MetricName): Point[] {
	return methodsInOrder(rows.map(({ method }) => method)).flatMap((id) =>
		rows.flatMap((row): Point[] => {
			const metric = row.method === id ? row.metrics[name] : null;
			if (metric === null) return [];
			const { value, low, high, deviation } = metric;
			const spread = deviation ?? 0;
			const ends = { low: low ?? value - spread, high: high ?? value + spread };
			return [{ title: visibleText(methodTitle(id)), method: id, ratio: row.ratio, value, ...ends }];
		}),
	);
}

const panelTitle = (text: string) => ({ text: visibleText(text), anchor: "start", fontSize: 11, offset: 6 }) as const;
const valueScale = (points: readonly Point[], range: "width" | "height"): Scale => ({
	...{ name: "value", type: "linear", range, nice: true, zero: true },
	domain: [0, Math.max(0.001, ...points.map(({ high }) => high))],
});

function barPanel(title: string, points: Point[]): GroupMark {
	const titles = [...new Set(points.map((point) => point.title))];
	const middle = { scale: "row", field: "title", band: 0.5 };
	const marks: Mark[] = [
		{
			type: "rect",
			from: { data: "points" },
			encode: {
				enter: {
					x: { scale: "value", value: 0 },
					x2: { scale: "value", field: "value" },
					y: { scale: "row", field: "title" },
					height: { scale: "row", band: 1 },
					fill: { scale: "method", field: "title" },
					fillOpacity: { value: 0.85 },
				},
			},
		},
		{
			type: "rule",
			from: { data: "points" },
			encode: {
				enter: {
					x: { scale: "value", field: "low" },
					x2: { scale: "value", field: "high" },
					y: middle,
					stroke: { value: INK },
					strokeWidth: { value: 1.5 },
				},
			},
		},
	];
	return {
		type: "group",
		title: panelTitle(title),
		encode: { enter: { width: { value: PANEL_WIDTH }, height: { value: titles.length * BAR_STEP } } },
		signals: [
			{ name: "width", value: PANEL_WIDTH },
			{ name: "height", value: titles.length * BAR_STEP },
		],
		data: [{ name: "points", values: points }],
		scales: [
			valueScale(points, "width"),
			{ name: "row", type: "band", domain: titles, range: "height", padding: 0.25 },
		],
		axes: [
			{ orient: "bottom", scale: "value", grid: true, gridColor: LINE, domain: false, tickCount: 4, labelColor: FAINT },
			{ orient: "left", scale: "row", domain: false, ticks: false, labelPadding: 6 },
		],
		marks,
	};
}

function curvePanel(title: string, points: Point[]): GroupMark {
	const x = { scale: "share", field: "ratio" };
	const colour = { scale: "method", field: "title" };
	const at = (field: "value" | "low" | "high") => ({ scale: "value", field });
	const curve: Mark = {
		type: "group",
		from: { facet: { name: "curve", data: "points", groupby: "title" } },
		marks: [
			{
				type: "area",
				from: { data: "curve" },
				encode: { enter: { x, y: at("low"), y2: at("high"), fill: colour, fillOpacity: { value: 0.12 } } },
			},
			{
				type: "line",
				from: { data: "curve" },
				encode: { enter: { x, y: at("value"), stroke: colour, strokeWidth: { value: 2 } } },
			},
			{
				type: "symbol",
				from: { data: "curve" },
				encode: { enter: { x, y: at("value"), fill: colour, size: { value: 28 } } },
			},
		],
	};
	return {
		type: "group",
		title: panelTitle(title),
		encode: { enter: { width: { value: PANEL_WIDTH }, height: { value: CURVE_HEIGHT } } },
		signals: [
			{ name: "width", value: PANEL_WIDTH },
			{ name: "height", value: CURVE_HEIGHT },
		],
		data: [{ name: "points", values: points }],
		scales: [valueScale(points, "height"), { name: "share", type: "linear", domain: [0, 1], range: "width" }],
		axes: [
			{
				...{ orient: "bottom", scale: "share", format: ".0%", domainColor: LINE, labelColor: FAINT },
				...{
					values: [...new Set(points.map(({ ratio }) => ratio ?? 1))],
					title: "Training sequences",
					titleFontSize: 10,
				},
			},
			{ orient: "left", scale: "value", grid: true, gridColor: LINE, domain: false, tickCount: 4, labelColor: FAINT },
		],
		marks: [curve],
	};
}
