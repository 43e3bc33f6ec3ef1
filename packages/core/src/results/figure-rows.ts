import { methodTitle } from "../planning/outside-methods";
import type { Grid } from "./grid";
import { formatMeasurement, isMeasured, METRIC_NAMES, METRIC_TITLES, type Measurements } from "./metric-names";
import type { Protocol } from "./protocol";
import { type RunWarning, type Warned, warningNotes } from "./run-warnings";
import { dataNotes, protocolCaption } from "./tables";

/** One point of a figure. */
export interface FigureRow {
	/** The dataset that was tested. */
	dataset: string;
	/** The dataset that was trained on, where it is another (Figure 5). */
	source: string | null;
	/** Share of the training sequences (Figure 6). */
	ratio: number | null;
	method: string;
	users: number | null;
	metrics: Measurements;
	warnings: readonly RunWarning[];
}

/** A figure ready to be drawn or written: what was measured, and under which protocol. */
export interface FigureData {
	title: string;
	rows: FigureRow[];
	datasets: {
		name: string;
		synthetic: boolean;
		queriesDerived: boolean;
		protocol: Protocol | null;
		preset: string | null;
	}[];
}

interface Cell {
	method: string;
	users: number | null;
	metrics: Measurements;
	warnings: readonly RunWarning[];
}
type Head = FigureData["datasets"][number];

/** Figures 4 and 5: a panel for each dataset, or pair of datasets, with a cell for each method. */
export function cellsFigure(title: string, panels: readonly (Head & { source?: string; cells: Cell[] })[]): FigureData {
	const rows = panels.flatMap(({ name, source, cells }) =>
		cells.map(({ method, users, metrics, warnings }) => ({
			...{ dataset: name, source: source ?? null, ratio: null, method, users, metrics, warnings },
		})),
	);
	return { title, rows: rows.filter(({ metrics }) => isMeasured(metrics)), datasets: distinctHeads(panels) };
}

/** Figure 6: a curve for each method over the share of training sequences. */
export function curvesFigure(
	title: string,
	panels: readonly (Head & {
		curves: { method: string; points: (Omit<Cell, "method"> & { ratio: number })[] }[];
	})[],
): FigureData {
	const rows = panels.flatMap(({ name, curves }) =>
		curves.flatMap(({ method, points }) =>
			points.map(({ ratio, users, metrics, warnings }) => ({
				...{ dataset: name, source: null, ratio, method, users, metrics, warnings },
			})),
		),
	);
	return { title, rows: rows.filter(({ metrics }) => isMeasured(metrics)), datasets: distinctHeads(panels) };
}

function distinctHeads(panels: readonly Head[]): Head[] {
	const heads = panels.map(({ name, synthetic, queriesDerived, protocol, preset }) => ({
		...{ name, synthetic, queriesDerived, protocol, preset },
	}));
	return [...new Map(heads.map((head) => [head.name, head])).values()];
}

const percent = (ratio: number): string => `${Number((100 * ratio).toFixed(1))} %`;

/** Columns that tell rows apart: only those that the figure has. */
function keysOf(rows: readonly FigureRow[]): { title: string; text: (row: FigureRow) => string }[] {
	return [
		{ title: "Dataset", text: ({ dataset }) => dataset },
		...(rows.some(({ source }) => source !== null)
			? [{ title: "Trained on", text: ({ source }: FigureRow) => source ?? "–" }]
			: []),
		{ title: "Method", text: ({ method }) => methodTitle(method) },
		...(rows.some(({ ratio }) => ratio !== null)
			? [{ title: "Training data", text: ({ ratio }: FigureRow) => (ratio === null ? "–" : percent(ratio)) }]
			: []),
	];
}

/** The figure as a table for people. */
export function figureGrid({ title, rows, datasets }: FigureData): Grid {
	const keys = keysOf(rows);
	const presets = [...new Set(datasets.flatMap(({ preset }) => preset ?? []))];
	return {
		caption: `${title}. ${protocolCaption(datasets)} Preset ${presets.join(", ")}.`,
		columns: [...keys.map((key) => key.title), "Test users", ...METRIC_NAMES.map((name) => METRIC_TITLES[name])],
		rows: rows.map((row) =>
			[
				...keys.map((key) => key.text(row)),
				row.users?.toLocaleString("en-US") ?? "–",
				...METRIC_NAMES.map((name) => (row.metrics[name] ? formatMeasurement(row.metrics[name]) : "–")),
			].map((text, i) => ({
				text,
				warnings: i > keys.length ? row.warnings.map(({ message }) => message) : [],
			})),
		),
		notes: [...dataNotes(datasets, ({ name }) => name), ...warningNotes(figureWarned(rows))],
	};
}

/** What the figure's points warn of. */
export function figureWarned(rows: readonly FigureRow[]): Warned[] {
	return rows.map(({ method, dataset, source, ratio, warnings }) => {
		const from = source === null ? "" : ` from ${source}`;
		const share = ratio === null ? "" : ` with ${percent(ratio)}`;
		return { where: `${methodTitle(method)} on ${dataset}${from}${share}`, warnings };
	});
}

/** The figure's numbers, one measurement a row, for programs. */
export function figureDataGrid({ title, rows }: FigureData): Grid {
	const columns = ["dataset", "source", "ratio", "method", "users", "metric", "value", "low", "high", "deviation"];
	const plain = (value: string | number | null) => ({ text: value === null ? "" : String(value) });
	return {
		caption: title,
		columns,
		rows: rows.flatMap(({ dataset, source, ratio, method, users, metrics, warnings }) =>
			METRIC_NAMES.flatMap((name) => {
				const metric = metrics[name];
				if (metric === null) return [];
				const { value, low, high, deviation } = metric;
				const cells = [dataset, source, ratio, method, users, name, value, low, high, deviation].map(plain);
				return [cells.map((cell) => ({ ...cell, warnings: warnings.map(({ message }) => message) }))];
			}),
		),
		notes: [],
	};
}
