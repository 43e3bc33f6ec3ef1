import type { Grid, GridCell } from "./grid";
import { formatMeasurement, isMeasured, METRIC_NAMES, METRIC_TITLES, type Measurements } from "./metric-names";
import { type AdjustedContrast, formatInterval } from "./paired";
import type { PaperFigures } from "./paper";
import type { Protocol } from "./protocol";
import { type RunWarning, type Warned, warningNotes } from "./run-warnings";
import { dataNotes, protocolCaption } from "./tables";

export interface Table3Row {
	title: string;
	variant: string;
	metrics: Measurements;
	warnings: readonly RunWarning[];
	/** Variant minus full method. */
	difference: AdjustedContrast | null;
	paper: PaperFigures | null;
}
export interface Table3Dataset {
	name: string;
	synthetic: boolean;
	queriesDerived: boolean;
	protocol: Protocol | null;
	preset: string | null;
	/** What stands for the paper's CLIP. */
	genericTextEncoder: string | null;
	rows: Table3Row[];
}

/** Table 3 on one dataset: a row a variant, each metric with its difference to the full method and the paper's figure. */
export function table3Grid(dataset: Table3Dataset): Grid {
	const { rows, genericTextEncoder } = dataset;
	const withPaper = rows.some(({ paper }) => paper !== null);
	const shown = rows.filter((row) => isMeasured(row.metrics) || row.paper !== null);
	const cell = (text: string | undefined, bold = false): GridCell => ({ text: text ?? "–", bold });
	return {
		caption: `Ablations on ${dataset.name}. ${protocolCaption([dataset])} Preset ${dataset.preset}. Δ is the paired difference to the full method with its 95 % bootstrap interval.`,
		columns: [
			"Variant",
			...METRIC_NAMES.flatMap((name) => [
				METRIC_TITLES[name],
				"Δ to full",
				...(withPaper ? [`${METRIC_TITLES[name]} (paper)`] : []),
			]),
		],
		rows: shown.map(({ title, metrics, warnings, difference, paper }) => [
			cell(title),
			...METRIC_NAMES.flatMap((name) => {
				const metric = metrics[name];
				const delta = difference?.metrics[name];
				return [
					{
						...cell(metric ? formatMeasurement({ ...metric, low: null, high: null }) : undefined),
						warnings: warnings.map(({ message }) => message),
					},
					cell(delta && formatInterval(delta), delta !== undefined && delta.adjustedP <= 0.05),
					...(withPaper ? [cell(paper?.[name].toFixed(4))] : []),
				];
			}),
		]),
		notes: [
			"In bold differences with a p of at most .05 after Holm's correction over the table.",
			...(genericTextEncoder === null
				? []
				: [`In place of the paper's CLIP text embedding stands the preset's generic encoder: ${genericTextEncoder}.`]),
			...dataNotes([dataset], ({ name }) => name),
			...warningNotes(table3Warned([dataset])),
			...(withPaper
				? ["Columns marked (paper) are the paper's figures on its own data; they are no target here."]
				: []),
		],
	};
}

/** What the table's rows warn of. */
export function table3Warned(datasets: readonly Pick<Table3Dataset, "name" | "rows">[]): Warned[] {
	return datasets.flatMap(({ name, rows }) =>
		rows.map(({ title, warnings }) => ({ where: `${title} on ${name}`, warnings })),
	);
}
