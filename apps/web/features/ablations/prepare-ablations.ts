import { type AdjustedDifference, METRIC_TITLES, type MetricName, type RunWarning, type Switch } from "@atelier/core";
import { formatDelta, formatMetric, formatP } from "@atelier/ui";
import { describeSpread } from "~/features/charts/prepare-bars";
import { variantLabel } from "~/features/methods";
import type { Outputs } from "~/trpc/client";

export type Ablations = Outputs["results"]["table3"];
export type AblationDataset = Ablations["datasets"][number];
export type AblationRow = AblationDataset["rows"][number];

/** The framework's parts that a variant may lack, in the order of the method. */
export const PARTS = [
	{ id: "attributes", title: "Attributes", note: "Products in the prompt carry their attributes." },
	{ id: "memory", title: "Memory", note: "The prompt offers the query-product memory's candidates." },
	{ id: "id", title: "Id list", note: "The first places come from the id embedding." },
	{ id: "title", title: "Title list", note: "The other places come from the text embedding." },
] as const;
export type PartState = "in place" | "taken out" | "exchanged";

const TAKES_OUT: Partial<Record<Switch, (typeof PARTS)[number]["id"]>> = {
	"no-attributes": "attributes",
	"no-memory": "memory",
	"no-id-embedding": "id",
	"no-text-embedding": "title",
};

/** One state a part, in the order of {@link PARTS}. */
export function partStates(switches: readonly Switch[]): PartState[] {
	return PARTS.map(({ id }) => {
		if (switches.some((one) => TAKES_OUT[one] === id)) return "taken out";
		return id === "title" && switches.includes("generic-text-embedding") ? "exchanged" : "in place";
	});
}

export interface VariantLine {
	variant: string;
	title: string;
	states: PartState[];
	inPaper: boolean;
}

/** The rows of the table: Table 3's in its order, then what else was measured anywhere. */
export function variantLines(datasets: readonly AblationDataset[]): VariantLine[] {
	const lines = new Map<string, VariantLine>();
	for (const { variant, inPaper, switches } of datasets.flatMap(({ rows }) => rows)) {
		const title = variantLabel(variant) || "Ours";
		if (!lines.has(variant)) lines.set(variant, { variant, title, inPaper, states: partStates(switches) });
	}
	return [...lines.values()].sort((a, b) => Number(b.inPaper) - Number(a.inPaper));
}

export function rowOf(dataset: AblationDataset, variant: string): AblationRow | undefined {
	return dataset.rows.find((row) => row.variant === variant);
}

export interface AblationCell {
	value: number;
	/** Best value of its column. */
	best: boolean;
	/** Against the full method; null for the full method itself and where that was not measured. */
	difference: AdjustedDifference | null;
	/** What a hover says of the value's own spread. */
	spread: string;
	warnings: readonly RunWarning[];
}

/** One figure of a variant, with its paired difference to the full method; null where nothing was measured. */
export function ablationCell(dataset: AblationDataset, variant: string, name: MetricName): AblationCell | null {
	const row = rowOf(dataset, variant);
	const metric = row?.metrics[name];
	if (!row || !metric) return null;
	const best = Math.max(...dataset.rows.flatMap((other) => other.metrics[name]?.value ?? []));
	return {
		value: metric.value,
		best: metric.value === best,
		difference: row.difference?.metrics[name] ?? null,
		spread: describeSpread(metric),
		warnings: row.warnings,
	};
}

export interface NamedAblation {
	title: string;
	dataset: string;
	metric: MetricName;
	cell: AblationCell;
}

/** A cell as it is read out: where it stands, its number, and how it differs from the full method. */
export function nameAblationCell({ title, dataset, metric, cell }: NamedAblation): string {
	const { value, best, difference, warnings } = cell;
	return [
		`${title} on ${dataset}, ${METRIC_TITLES[metric]} ${formatMetric(value)}`,
		best ? "the best of its column" : "",
		difference === null
			? ""
			: `${formatDelta(difference.value)} to the full method, ${formatP(difference.adjustedP)} after Holm's correction`,
		...warnings.map(({ message }) => message),
	]
		.filter(Boolean)
		.join(", ");
}

/** The paper's figure and its own difference to its full method; null where the paper has none. */
export function paperCell(
	dataset: AblationDataset,
	variant: string,
	name: MetricName,
): { value: number; difference: number | null } | null {
	const paper = rowOf(dataset, variant)?.paper;
	const full = rowOf(dataset, "full")?.paper;
	if (!paper) return null;
	return { value: paper[name], difference: full && variant !== "full" ? paper[name] - full[name] : null };
}
