import type { Grid, GridCell } from "./grid";
import type { PaperFigures } from "./paper";

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
	metrics: Record<string, { value: number; low: number | null; high: number | null; deviation: number | null } | null>;
	paper: PaperFigures | null;
}
export interface Table2Dataset {
	name: string;
	synthetic: boolean;
	queriesDerived: boolean;
	cells: Table2Cell[];
}

const METRIC_TITLES = [
	["recall@10", "Recall@10"],
	["ndcg@10", "NDCG@10"],
	["mrr@10", "MRR@10"],
] as const;

/**
 * Table 2 as a grid: a row for each method, three columns for each dataset, best in bold and second underlined among
 * the measured ones; the paper's rows follow under their own name and take no part in that.
 */
export function table2Grid(datasets: readonly Table2Dataset[], titles: ReadonlyMap<string, string>): Grid {
	const columns = datasets.flatMap((dataset) => METRIC_TITLES.map(([name, title]) => ({ dataset, name, title })));
	const methods = [...titles.keys()].filter((method) =>
		datasets.some(({ cells }) => cells.some((cell) => cell.method === method && measured(cell))),
	);
	const cellOf = (dataset: Table2Dataset, method: string) => dataset.cells.find((cell) => cell.method === method);
	const ranked = columns.map(({ dataset, name }) =>
		dataset.cells.flatMap((cell) => cell.metrics[name]?.value ?? []).sort((a, b) => b - a),
	);
	const own = methods.map((method) => [
		{ text: titles.get(method) ?? method },
		...columns.map(({ dataset, name }, i): GridCell => {
			const metric = cellOf(dataset, method)?.metrics[name];
			if (!metric) return { text: NONE };
			const place = ranked[i]?.indexOf(metric.value);
			return { text: withSpread(metric), bold: place === 0, underline: place === 1 };
		}),
	]);
	const paper = methods
		.filter((method) => datasets.some((dataset) => cellOf(dataset, method)?.paper))
		.map((method) => [
			{ text: `${titles.get(method)} (paper)` },
			...columns.map(({ dataset, name }) => ({ text: cellOf(dataset, method)?.paper?.[name].toFixed(4) ?? NONE })),
		]);
	return {
		caption: "Full ranking, leave-one-out; 95 % bootstrap intervals over users in brackets.",
		columns: ["Method", ...columns.map(({ dataset, title }) => `${dataset.name} ${title}`)],
		rows: [...own, ...paper],
		notes: [
			...dataNotes(datasets, (dataset) => dataset.name),
			...(paper.length > 0
				? ["Rows marked (paper) are the paper's figures on its own data, which is not public; they are no target here."]
				: []),
		],
	};
}

const measured = (cell: Table2Cell) => Object.values(cell.metrics).some((metric) => metric !== null);

function withSpread({ value, low, high, deviation }: NonNullable<Table2Cell["metrics"][string]>): string {
	if (deviation !== null) return `${value.toFixed(4)} ± ${deviation.toFixed(4)}`;
	return low === null || high === null
		? value.toFixed(4)
		: `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
}

function dataNotes<T extends { synthetic: boolean; queriesDerived: boolean }>(
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
