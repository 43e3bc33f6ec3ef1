import type { Grid, GridCell } from "./grid";
import type { AdjustedDifference } from "./paired";
import { formatDifference, significanceMark } from "./paired";

/** One figure of a view: null ends while its interval is being drawn. */
export interface SlicedFigure {
	value: number;
	low: number | null;
	high: number | null;
	difference: AdjustedDifference | null;
}

export interface SlicedView {
	dataset: string;
	/** Canonical; empty for everyone. */
	slice: string;
	by: { title: string } | null;
	metrics: readonly string[];
	methods: readonly { method: string; title: string }[];
	reference: string | null;
	users: number;
	of: number;
	tests: number;
	left: number;
	groups: readonly {
		label: string | null;
		users: number;
		isSmall: boolean;
		cells: readonly { method: string; metrics: Readonly<Record<string, SlicedFigure>> }[];
	}[];
}

const WORDS: Record<string, string> = { recall: "Recall", ndcg: "NDCG", mrr: "MRR", hit: "Hit rate" };

/** `NDCG@5`. */
export function metricTitle(name: string): string {
	const [metric = "", k] = name.split("@");
	return `${WORDS[metric] ?? metric}${k === undefined ? "" : `@${k}`}`;
}

/** A view of a slice as a table: a row for each group and method, a column for each metric and its difference. */
export function slicedGrid(view: SlicedView): Grid {
	const { methods, metrics, reference } = view;
	const titleOf = (method: string) => methods.find((one) => one.method === method)?.title ?? method;
	const other = reference === null ? [] : [reference];
	const differs = other.flatMap((method) => metrics.map((name) => `${metricTitle(name)} minus ${titleOf(method)}`));
	const grouped = view.by === null ? [] : [view.by.title, "Users"];
	const rows = view.groups.flatMap(({ label, users, isSmall, cells }) =>
		cells.map(({ method, metrics: figures }): GridCell[] => [
			...(view.by === null ? [] : [{ text: label ?? "none" }, { text: `${users}${isSmall ? " (few)" : ""}` }]),
			{ text: titleOf(method) },
			...metrics.map((name) => valueCell(figures[name])),
			...other.flatMap(() => metrics.map((name) => differenceCell(figures[name]))),
		]),
	);
	return {
		name: "slice",
		caption: captionOf(view),
		columns: [...grouped, "Method", ...metrics.map(metricTitle), ...differs],
		rows,
		notes: notesOf(view),
	};
}

function captionOf({ dataset, slice, users, of }: SlicedView): string {
	const whom = slice === "" ? `all ${of} test shoppers` : `${users} of ${of} test shoppers: ${slice}`;
	return `${dataset}, ${whom}. Values with 95 % intervals over shoppers.`;
}

function notesOf({ groups, tests, left, reference }: SlicedView): string[] {
	return [
		...(reference === null || tests === 0
			? []
			: [
					`Differences: paired bootstrap, p after Holm's correction over the ${tests} tests of this table; bold: at most .05.`,
				]),
		...(groups.some(({ isSmall }) => isSmall) ? ["Few: fewer than 30 shoppers, who are not tested."] : []),
		...(left > 0 ? [`${left} groups with fewer shoppers are left out.`] : []),
	];
}

function valueCell(figure: SlicedFigure | undefined): GridCell {
	if (figure === undefined) return { text: "–" };
	const { value, low, high, difference } = figure;
	const interval = low === null || high === null ? "" : ` [${low.toFixed(4)}, ${high.toFixed(4)}]`;
	const mark = difference === null ? "" : significanceMark(difference.adjustedP);
	return { text: `${value.toFixed(4)}${interval}`, ...(mark !== "" && { mark }) };
}

function differenceCell(figure: SlicedFigure | undefined): GridCell {
	if (!figure?.difference) return { text: "–" };
	return { text: formatDifference(figure.difference), bold: figure.difference.adjustedP <= 0.05 };
}
