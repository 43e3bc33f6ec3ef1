import { OUR_METHODS } from "../planning/methods";
import type { Grid, GridCell } from "./grid";
import { isMeasured, METRIC_NAMES, METRIC_TITLES, type Measurement, type MetricName } from "./metric-names";
import { type AdjustedDifference, significanceMark } from "./paired";
import type { PaperFigures } from "./paper";
import { type RunWarning, warningNotes } from "./run-warnings";
import { type Table3Dataset, table3Warned } from "./table-3";
import { dataNotes, protocolCaption, type Table2Comparison, type Table2Dataset, table2Warned } from "./tables";

// Tables as a paper sets them: the decimals of the screen, no intervals in the cells, columns under grouped heads, best in
// bold and second underlined, marks of significance from the paired tests. The grids beside the pages hold more.

const NONE = "–";
const METRICS = METRIC_NAMES.map((name) => METRIC_TITLES[name]);
/** Heads of a page that more datasets share than whole names leave room for. */
const SHORT_METRICS = ["R@10", "N@10", "M@10"];
const SHORT_NOTE = "R, N and M stand for Recall, NDCG and MRR.";
const MOST_WITH_WHOLE_HEADS = 2;
const LEVELS = "* p ≤ .05, ** p ≤ .01, *** p ≤ .001 after Holm's correction over the table";
const THEIR_DATA = "the paper's figures, on its own data, which is not public; they are no target here";

/** Rows that are tested against every other. */
const TESTED: readonly string[] = OUR_METHODS;

/** Table 2; marks say where Ours or Ours+ is above the best of the other rows. Null comparisons leave the marks out. */
export function table2PaperGrid(
	datasets: readonly Table2Dataset[],
	titles: ReadonlyMap<string, string>,
	comparisons: readonly Table2Comparison[] | null,
): Grid {
	const methods = [...titles.keys()].filter((method) =>
		datasets.some(({ cells }) => cells.some((cell) => cell.method === method && isMeasured(cell.metrics))),
	);
	const cellOf = (dataset: Table2Dataset, method: string) => dataset.cells.find((cell) => cell.method === method);
	const columns = datasets.flatMap((dataset) => METRIC_NAMES.map((name) => ({ dataset, name })));
	const own = methods.map((method) => [
		{ text: titles.get(method) ?? method },
		...columns.map(({ dataset, name }): GridCell => {
			const column = dataset.cells.map((cell) => cell.metrics[name] ?? null);
			const cell = cellOf(dataset, method);
			const mark = markOf(dataset, method, name, comparisons ?? []);
			return { ...measuredCell(cell?.metrics[name] ?? null, column, cell?.warnings ?? []), mark };
		}),
	]);
	const withPaper = methods.filter((method) => datasets.some((dataset) => cellOf(dataset, method)?.paper));
	const paper = withPaper.map((method) => [
		{ text: `${titles.get(method)} (paper)` },
		...columns.map(({ dataset, name }) => paperCell(cellOf(dataset, method)?.paper ?? null, name)),
	]);
	const hasMarks = own.some((row) => row.some(({ mark }) => mark));
	const isCrowded = datasets.length > MOST_WITH_WHOLE_HEADS;
	return {
		name: "table2",
		caption: `Comparison on ${datasets.map(({ name }) => name).join(", ")}. ${protocolCaption(datasets)}`,
		columns: ["Method", ...datasets.flatMap(() => (isCrowded ? SHORT_METRICS : METRICS))],
		groups: datasets.map(({ name }) => ({ title: name, span: METRICS.length })),
		rows: [...own, ...paper],
		rules: paper.length > 0 ? [own.length] : [],
		notes: [
			...(isCrowded ? [SHORT_NOTE] : []),
			"Best in bold, second underlined.",
			...(hasMarks ? [`Above the best row that is not ours, paired over users: ${LEVELS}.`] : []),
			...dataNotes(datasets, ({ name }) => name),
			...warningNotes(table2Warned(datasets, titles)),
			...(paper.length > 0 ? [`Rows marked (paper) are ${THEIR_DATA}.`] : []),
		],
	};
}

/** How clearly a tested row is above the best of those that are not ours; nothing where it is not above. */
function markOf(
	dataset: Table2Dataset,
	method: string,
	name: MetricName,
	comparisons: readonly Table2Comparison[],
): string {
	if (!TESTED.includes(method)) return "";
	const [best] = dataset.cells
		.filter((cell) => !TESTED.includes(cell.method) && cell.metrics[name])
		.sort((a, b) => (b.metrics[name]?.value ?? 0) - (a.metrics[name]?.value ?? 0));
	const test = comparisons.find(
		(one) => one.dataset === dataset.name && one.method === method && one.other === best?.method,
	)?.metrics[name];
	return test !== undefined && test.value > 0 ? significanceMark(test.adjustedP) : "";
}

/** Table 3; marks say how clearly a variant differs from the full method. */
export function table3PaperGrid(dataset: Table3Dataset): Grid {
	const withPaper = dataset.rows.some(({ paper }) => paper !== null);
	const shown = dataset.rows.filter((row) => isMeasured(row.metrics) || (withPaper && row.paper !== null));
	const hasMarks = shown.some(({ difference }) =>
		METRIC_NAMES.some((name) => differenceMark(difference?.metrics[name]) !== ""),
	);
	return {
		name: `table3-${dataset.name}`,
		caption: `Ablations on ${dataset.name}. ${protocolCaption([dataset])} Preset ${dataset.preset}.`,
		columns: ["Variant", ...METRICS, ...(withPaper ? METRICS : [])],
		groups: withPaper
			? [
					{ title: "Measured here", span: METRICS.length },
					{ title: "The paper's", span: METRICS.length },
				]
			: [{ title: dataset.name, span: METRICS.length }],
		rows: shown.map(({ title, metrics, warnings, difference, paper }) => [
			{ text: title },
			...METRIC_NAMES.map((name): GridCell => {
				const column = dataset.rows.map((row) => row.metrics[name]);
				return { ...measuredCell(metrics[name], column, warnings), mark: differenceMark(difference?.metrics[name]) };
			}),
			...(withPaper ? METRIC_NAMES.map((name) => paperCell(paper, name)) : []),
		]),
		notes: [
			"Best in bold, second underlined.",
			...(hasMarks ? [`Differs from the full method, paired over users: ${LEVELS}.`] : []),
			...(dataset.genericTextEncoder === null
				? []
				: [`In place of the paper's CLIP text embedding stands ${dataset.genericTextEncoder}.`]),
			...dataNotes([dataset], ({ name }) => name),
			...warningNotes(table3Warned([dataset])),
			...(withPaper ? [`On the right stand ${THEIR_DATA}.`] : []),
		],
	};
}

const differenceMark = (difference: AdjustedDifference | undefined) =>
	difference === undefined ? "" : significanceMark(difference.adjustedP);

function measuredCell(
	metric: Measurement | null,
	column: readonly (Measurement | null)[],
	warnings: readonly RunWarning[],
): GridCell {
	if (metric === null) return { text: NONE };
	const better = new Set(column.flatMap((other) => (other !== null && other.value > metric.value ? other.value : [])));
	const { value, deviation } = metric;
	return {
		text: deviation === null ? shown(value) : `${shown(value)} ± ${shown(deviation)}`,
		bold: better.size === 0,
		underline: better.size === 1,
		warnings: warnings.map(({ message }) => message),
	};
}

const paperCell = (paper: PaperFigures | null, name: MetricName): GridCell => ({
	text: paper === null ? NONE : shown(paper[name]),
});

/** As the screen has it. */
const shown = (value: number) => value.toFixed(3);
