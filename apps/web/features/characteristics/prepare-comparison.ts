import { formatCount, formatMetric, formatShare } from "@atelier/ui";
import type { Overview } from "./characteristics-types";

type Definition = Overview["definitions"][number];

/** One figure of one dataset, in words. */
export interface ComparisonCell {
	key: Definition["key"];
	/** Null where the log cannot give it. */
	figure: string | null;
	/** `1.57×`: how many times as much this page's dataset has. Null on its own row. */
	ratio: string | null;
	/** What the paper says fashion has of such a category: `1.55×`. */
	paper: string | null;
}

export interface ComparisonRow {
	name: string;
	synthetic: boolean;
	isReference: boolean;
	problem: string | null;
	cells: ComparisonCell[];
}

const SHARES = new Set<Definition["key"]>(["unseenShare", "seasonSwing", "distinctQueryShare"]);

function figureText(key: Definition["key"], value: number): string {
	if (SHARES.has(key)) return `${key === "seasonSwing" ? "±" : ""}${formatShare(value)}`;
	return value >= 100 ? formatCount(Math.round(value)) : formatMetric(value);
}

function ratioText(ratio: number): string {
	return `${ratio < 0.1 ? Number(ratio.toPrecision(1)) : ratio.toFixed(ratio < 10 ? 2 : 0)}×`;
}

/** The page's dataset first, its group next, then the rest in their order. */
export function prepareComparison({ definitions, datasets }: Overview): ComparisonRow[] {
	const group = datasets.find(({ isReference }) => isReference)?.group ?? null;
	const place = (row: Overview["datasets"][number]) =>
		row.isReference
			? 0
			: group !== null && row.group === group
				? 1
				: group !== null && row.group === `${group}-contrast`
					? 2
					: 3;
	return [...datasets]
		.sort((a, b) => place(a) - place(b))
		.map(({ name, synthetic, isReference, problem, figures, ratios, paperRatios }) => ({
			name,
			synthetic,
			isReference,
			problem,
			cells: definitions.map(({ key }): ComparisonCell => {
				const figure = figures?.[key] ?? null;
				const ratio = isReference ? null : (ratios?.[key] ?? null);
				const paper = isReference ? undefined : paperRatios?.[key];
				return {
					key,
					figure: figure === null ? null : figureText(key, figure),
					ratio: ratio === null ? null : ratioText(ratio),
					paper: paper === undefined ? null : `${paper}×`,
				};
			}),
		}));
}
