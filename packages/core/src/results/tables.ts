import type { Grid, GridCell } from "./grid";
import { formatMeasurement, isMeasured, METRIC_NAMES, METRIC_TITLES, type Measurement } from "./metric-names";
import { type AdjustedDifference, formatDifference } from "./paired";
import type { PaperFigures } from "./paper";
import { describeProtocol, type Protocol } from "./protocol";
import { type RunWarning, type Warned, warningNotes } from "./run-warnings";

export interface Table1Row {
	dataset: string;
	synthetic: boolean;
	queriesDerived: boolean;
	statistics: { users: number; items: number; interactions: number; averageLength: number; density: number } | null;
	paper: {
		title: string;
		users: number;
		items: number;
		interactions: number;
		averageLength: number;
		density: number;
	} | null;
}

const NONE = "–";
const thousands = (value: number) => value.toLocaleString("en-US");

/** Table 1 as a grid: imported datasets first, then the paper's categories among them. */
export function table1Grid(rows: readonly Table1Row[]): Grid {
	const cells = (name: string, row: NonNullable<Table1Row["statistics"]>): GridCell[] =>
		[
			name,
			thousands(row.users),
			thousands(row.items),
			thousands(row.interactions),
			row.averageLength.toFixed(2),
			row.density.toExponential(2),
		].map((text) => ({ text }));
	return {
		name: "table1",
		caption: "Statistics of the datasets. Avg. len. is the average number of interactions of a shopper.",
		columns: ["Dataset", "Users", "Items", "Interactions", "Avg. len.", "Density"],
		rows: [
			...rows.flatMap((row) => (row.statistics === null ? [] : [cells(row.dataset, row.statistics)])),
			...rows.flatMap(({ paper }) => (paper === null ? [] : [cells(`${paper.title} (paper)`, paper)])),
		],
		notes: dataNotes(rows, (row) => row.dataset),
	};
}

export interface Table2Cell {
	method: string;
	metrics: Record<string, Measurement | null>;
	warnings: readonly RunWarning[];
	paper: PaperFigures | null;
}
export interface Table2Dataset {
	name: string;
	synthetic: boolean;
	queriesDerived: boolean;
	protocol: Protocol | null;
	cells: Table2Cell[];
}

/**
 * Table 2 as a grid: a row for each method, three columns for each dataset, best in bold and second underlined among
 * the measured ones; the paper's rows follow under their own name and take no part in that.
 */
export function table2Grid(datasets: readonly Table2Dataset[], titles: ReadonlyMap<string, string>): Grid {
	const columns = datasets.flatMap((dataset) =>
		METRIC_NAMES.map((name) => ({ dataset, name, title: METRIC_TITLES[name] })),
	);
	const methods = [...titles.keys()].filter((method) =>
		datasets.some(({ cells }) => cells.some((cell) => cell.method === method && isMeasured(cell.metrics))),
	);
	const cellOf = (dataset: Table2Dataset, method: string) => dataset.cells.find((cell) => cell.method === method);
	const ranked = columns.map(({ dataset, name }) =>
		dataset.cells.flatMap((cell) => cell.metrics[name]?.value ?? []).sort((a, b) => b - a),
	);
	const own = methods.map((method) => [
		{ text: titles.get(method) ?? method },
		...columns.map(({ dataset, name }, i): GridCell => {
			const cell = cellOf(dataset, method);
			const metric = cell?.metrics[name];
			if (!metric) return { text: NONE };
			const place = ranked[i]?.indexOf(metric.value);
			const warnings = cell?.warnings.map(({ message }) => `${dataset.name}: ${message}`);
			return { text: formatMeasurement(metric), bold: place === 0, underline: place === 1, warnings };
		}),
	]);
	const paper = methods
		.filter((method) => datasets.some((dataset) => cellOf(dataset, method)?.paper))
		.map((method) => [
			{ text: `${titles.get(method)} (paper)` },
			...columns.map(({ dataset, name }) => ({ text: cellOf(dataset, method)?.paper?.[name].toFixed(4) ?? NONE })),
		]);
	return {
		caption: `${protocolCaption(datasets)} In brackets 95 % bootstrap intervals over users; after ± the deviation over seeds.`,
		columns: ["Method", ...columns.map(({ dataset, title }) => `${dataset.name} ${title}`)],
		rows: [...own, ...paper],
		notes: [
			...dataNotes(datasets, (dataset) => dataset.name),
			...warningNotes(table2Warned(datasets, titles)),
			...(paper.length > 0
				? ["Rows marked (paper) are the paper's figures on its own data, which is not public; they are no target here."]
				: []),
		],
	};
}

/** What the table's cells warn of, by dataset and then method. */
export function table2Warned(datasets: readonly Table2Dataset[], titles: ReadonlyMap<string, string>): Warned[] {
	return datasets.flatMap(({ name, cells }) =>
		cells.map(({ method, warnings }) => ({ where: `${titles.get(method) ?? method} on ${name}`, warnings })),
	);
}

export interface Table2Comparison {
	dataset: string;
	method: string;
	other: string;
	metrics: Readonly<Record<string, AdjustedDifference>>;
}

/** The paired tests of a table as a grid: a row for each pair and dataset. */
export function comparisonsGrid(comparisons: readonly Table2Comparison[], titles: ReadonlyMap<string, string>): Grid {
	const titleOf = (method: string) => titles.get(method) ?? method;
	return {
		name: "table2-tests",
		caption:
			"Paired differences over users with 95 % bootstrap intervals; p after Holm's correction over this whole table.",
		columns: ["Compared", "Dataset", ...METRIC_NAMES.map((name) => METRIC_TITLES[name])],
		rows: comparisons.map(({ dataset, method, other, metrics }) => [
			{ text: `${titleOf(method)} minus ${titleOf(other)}` },
			{ text: dataset },
			...METRIC_NAMES.map((name): GridCell => {
				const difference = metrics[name];
				if (difference === undefined) return { text: NONE };
				return { text: formatDifference(difference), bold: difference.adjustedP <= 0.05 };
			}),
		]),
		notes: ["Bold: the adjusted p is at most .05."],
	};
}

/** The protocol in words; by dataset where datasets differ. */
export function protocolCaption(datasets: readonly { name: string; protocol: Protocol | null }[]): string {
	const said = datasets.flatMap(({ name, protocol }) =>
		protocol ? [{ name, words: describeProtocol(protocol) }] : [],
	);
	const [first] = said;
	if (first === undefined) return "Nothing was measured.";
	if (said.some(({ words }) => words !== first.words)) {
		return `${said.map(({ name, words }) => `${name}: ${words}`).join("; ")}.`;
	}
	return `${first.words.charAt(0).toUpperCase()}${first.words.slice(1)}.`;
}

export function dataNotes<T extends { synthetic: boolean; queriesDerived: boolean }>(
	rows: readonly T[],
	nameOf: (row: T) => string,
) {
	const synthetic = rows.filter((row) => row.synthetic).map(nameOf);
	const derived = rows.filter((row) => row.queriesDerived).map(nameOf);
	return [
		...(synthetic.length > 0 ? [`Synthetic data: ${synthetic.join(", ")}.`] : []),
		...(derived.length > 0
			? [`Searches derived from the purchase that follows, so that they tell its category: ${derived.join(", ")}.`]
			: []),
	];
}
