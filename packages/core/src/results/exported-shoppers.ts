import { csvRow } from "../text/csv";
import { visibleJson } from "../text/visible-text";

/** What the results of a run are taken out as, one shopper a row. */
export const EXPORT_FORMATS = ["parquet", "csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
	parquet: "application/vnd.apache.parquet",
	csv: "text/csv; charset=utf-8",
	jsonl: "application/x-ndjson; charset=utf-8",
};

/** How many rows follow, so that who reads can tell a file that was cut off from a whole one. */
export const EXPORT_ROWS_HEADER = "x-atelier-rows";

/** One test shopper of a run. Shoppers and items go by the keys of the log that was imported. */
export interface ExportedShopper {
	userId: string;
	groundTruth: string;
	/** Of the ground truth, from 1; null where the method does not rank it. */
	rank: number | null;
	/** Best first. */
	items: readonly string[];
	/** A JSON list as long as `items`; null where the method keeps none. */
	scores: string | null;
	/** Whether nobody bought the ground truth in training. */
	cold: boolean;
	/** What slices know of the example, in the order of the export's further columns. */
	attributes: readonly (string | number | boolean | null)[];
}

export const EXPORT_COLUMNS = ["user_id", "ground_truth", "rank", "items", "scores", "cold"] as const;

/** @param names of the further columns */
export const exportCsvHead = (names: readonly string[]): string => csvRow([...EXPORT_COLUMNS, ...names]);

/** Lists are JSON inside of their cell: keys may hold any separator. */
export function exportCsvRow(shopper: ExportedShopper): string {
	const { userId, groundTruth, rank, items, scores, cold, attributes } = shopper;
	const list = visibleJson(items);
	return csvRow([userId, groundTruth, rank, list, scores, cold, ...attributes]);
}

/** @param names of the further columns */
export function exportJsonLine(shopper: ExportedShopper, names: readonly string[]): string {
	const { userId, groundTruth, rank, items, scores, cold, attributes } = shopper;
	const text = visibleJson({ user_id: userId, ground_truth: groundTruth, rank, items });
	const further = names
		.map((name, place) => `,${visibleJson(name)}:${visibleJson(attributes[place] ?? null)}`)
		.join("");
	return `${text.slice(0, -1)},"scores":${scores ?? "null"},"cold":${cold}${further}}\n`;
}
