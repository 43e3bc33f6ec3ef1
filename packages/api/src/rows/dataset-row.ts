import { datasetManifest } from "@atelier/core";
import type { Dataset } from "@atelier/db";
import type { z } from "zod";
import { storedProgress } from "./progress";

const countsOf = datasetManifest.shape.counts.nullable().catch(null);

/** Table 1's columns (paper, section 5.1): an interaction is a search, a click or a purchase. */
export interface DatasetStatistics {
	users: number;
	items: number;
	interactions: number;
	searches: number;
	clicks: number;
	purchases: number;
	/** Interactions a user. */
	averageLength: number;
	/** Interactions / (users × items). */
	density: number;
}

export function statisticsOf(counts: z.infer<typeof countsOf>): DatasetStatistics | null {
	if (counts === null || counts.users === 0 || counts.items === 0) return null;
	const { users, items, searches, clicks, purchases } = counts;
	const interactions = searches + clicks + purchases;
	return {
		users,
		items,
		interactions,
		searches,
		clicks,
		purchases,
		averageLength: interactions / users,
		density: interactions / (users * items),
	};
}

export function toDatasetRow(dataset: Dataset) {
	const counts = countsOf.parse(dataset.counts);
	return {
		id: dataset.id,
		name: dataset.name,
		group: dataset.group,
		format: dataset.format,
		status: dataset.status,
		synthetic: dataset.synthetic,
		queriesDerived: dataset.queriesDerived,
		hasTimes: dataset.hasTimes,
		progress: storedProgress.parse(dataset.progress),
		error: dataset.error,
		counts,
		statistics: statisticsOf(counts),
		createdAt: dataset.createdAt,
		readyAt: dataset.readyAt,
	};
}
export type DatasetRow = ReturnType<typeof toDatasetRow>;
