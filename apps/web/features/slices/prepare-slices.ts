import {
	dataNotes,
	describeProtocol,
	formatInterval,
	type Grid,
	type GridCell,
	methodTitle,
	significanceMark,
} from "@atelier/core";
import { METRIC_KIND_TITLES, type MetricKind } from "~/features/compare/compare-view";
import { methodPlace } from "~/features/methods";
import type { Sliced, SliceFigure, SliceGroup } from "./slice-types";

/** A group's name: the value, or that there is none; of a flag whether it holds. */
export function groupTitle(group: Pick<SliceGroup, "label">, by: Sliced["by"]): string {
	if (group.label === null) return by?.kind === "flag" ? `not ${by.name}` : "none";
	if (by?.kind === "flag") return group.label === "true" || group.label === by.name ? by.name : group.label;
	return group.label;
}

/** Methods of a view in the order of a table. */
export function methodsOfView({ methods }: Pick<Sliced, "methods">): string[] {
	return methods.map(({ method }) => method).sort((a, b) => methodPlace(a) - methodPlace(b));
}

export function figureIn(group: SliceGroup, method: string, metric: string): SliceFigure | null {
	return group.cells.find((cell) => cell.method === method)?.metrics[metric] ?? null;
}

export const metricOf = (kind: MetricKind, view: Pick<Sliced, "k">): string => `${kind}@${view.k}`;
export const metricTitleOf = (kind: MetricKind, view: Pick<Sliced, "k">): string =>
	`${METRIC_KIND_TITLES[kind]}@${view.k}`;

/** The best value of a group; null where nothing was measured or hit, and where there are too few to say so. */
export function bestOf({ cells, isSmall }: SliceGroup, metric: string): number | null {
	const best = Math.max(0, ...cells.flatMap(({ metrics }) => metrics[metric]?.value ?? []));
	return isSmall || best === 0 ? null : best;
}

/** How far a chart of the values has to reach. */
export function reachOfGroups(groups: readonly SliceGroup[], metric: string): number {
	return Math.max(
		0,
		...groups.flatMap(({ cells }) =>
			cells.flatMap(({ metrics }) => {
				const figure = metrics[metric];
				return figure === undefined ? [] : [figure.high ?? figure.value];
			}),
		),
	);
}

/** What a slice is said to be: everyone where it is empty. */
export const sliceWords = (slice: string): string => (slice === "" ? "all test shoppers" : slice);

/** The table as it stands on the page: a row a group, a column a method, differences to the reference beside the values. */
export function slicesGrid(view: Sliced, kind: MetricKind): Grid {
	const metric = metricOf(kind, view);
	const title = metricTitleOf(kind, view);
	const methods = methodsOfView(view);
	const others = methods.filter((method) => method !== view.reference);
	const hasTests = view.reference !== null;
	const by = view.by?.title ?? "Slice";
	return {
		name: `slices-${view.by?.name ?? "all"}`,
		caption: [
			`${title} on ${view.dataset.name} by ${by.toLowerCase()}, of ${sliceWords(view.slice)} (${view.users ?? 0} of ${view.of ?? 0}).`,
			`${describeProtocol({ ...view.protocol, k: view.k })}.`,
			...(hasTests
				? [
						`Δ: the method minus ${methodTitle(view.reference ?? "")}, paired over shoppers, with its 95 % interval; marks after Holm's correction over ${view.tests ?? 0} tests.`,
					]
				: []),
		].join(" "),
		columns: [
			by,
			"Shoppers",
			...methods.map(methodTitle),
			...(hasTests ? others.map((one) => `Δ ${methodTitle(one)}`) : []),
		],
		rows: (view.groups ?? []).map((group) => {
			const best = bestOf(group, metric);
			return [
				{ text: groupTitle(group, view.by) },
				{ text: String(group.users) },
				...methods.map((method): GridCell => {
					const figure = figureIn(group, method, metric);
					return figure === null ? { text: "–" } : { text: figure.value.toFixed(4), bold: figure.value === best };
				}),
				...(hasTests ? others.map((method) => differenceCell(figureIn(group, method, metric), group)) : []),
			];
		}),
		notes: [
			...(view.groups?.some(({ isSmall }) => isSmall) ? ["Groups of fewer than 30 shoppers are not tested."] : []),
			...(view.left > 0 ? [`${view.left} further groups are left out.`] : []),
			...view.leftOut.map(({ method, why }) => `${methodTitle(method)} is left out: ${why}`),
			...dataNotes([view.dataset], ({ name }) => name),
		],
	};
}

function differenceCell(figure: SliceFigure | null, { isSmall }: SliceGroup): GridCell {
	const difference = figure?.difference ?? null;
	if (difference === null) return { text: isSmall ? "few" : "–" };
	return { text: formatInterval(difference), mark: significanceMark(difference.adjustedP) };
}

/** The sentence above the table: where the reference is furthest ahead and behind, by tests that were corrected. */
export function describeGroups(view: Sliced, kind: MetricKind): string {
	if (view.groups === null || view.reference === null || view.computing !== null) return "";
	const metric = metricOf(kind, view);
	const tested = view.groups.flatMap((group) =>
		group.cells.flatMap(({ method, metrics }) => {
			const difference = metrics[metric]?.difference;
			return difference ? [{ group, method, difference }] : [];
		}),
	);
	const settled = tested.filter(({ difference }) => difference.adjustedP <= 0.05);
	if (tested.length === 0) return "No group is large enough to be tested.";
	if (settled.length === 0)
		return `None of ${tested.length} differences to ${methodTitle(view.reference)} in this metric is settled after Holm's correction.`;
	const most = settled.reduce((a, b) => (Math.abs(b.difference.value) > Math.abs(a.difference.value) ? b : a));
	const { value } = most.difference;
	return `${settled.length} of ${tested.length} differences to ${methodTitle(view.reference)} in this metric are settled after Holm's correction; the largest: ${methodTitle(most.method)} is ${Math.abs(value).toFixed(3)} ${value > 0 ? "above" : "below"} it where ${view.by?.title.toLowerCase() ?? "the slice"} is ${groupTitle(most.group, view.by)}.`;
}
