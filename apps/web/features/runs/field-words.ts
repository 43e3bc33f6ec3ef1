import { metricTitle } from "./prepare-curves";

/** Columns of the record by their names in words, as filters and groups offer them. */
export const OWN_FIELDS: Record<string, string> = {
	dataset: "Dataset",
	method: "Method",
	variant: "Variant",
	setting: "Setting",
	seed: "Seed",
	preset: "Preset",
	suite: "Suite",
	status: "Status",
	created: "Launched",
	finished: "Ended",
	duration: "Duration in ms",
	tags: "Tags",
	note: "Note",
	error: "Error",
};

/** `metric:cold:recall@10` as `Recall@10, cold`; `config:fineTune.loraRank` as `fineTune.loraRank`. */
export function fieldTitle(name: string): string {
	const own = OWN_FIELDS[name];
	if (own !== undefined) return own;
	if (name.startsWith("config:")) return name.slice("config:".length);
	const [slice, metric] = name.replace(/^metric:/, "").split(":");
	return metric === undefined ? metricTitle(slice ?? name) : `${metricTitle(metric)}, ${slice}`;
}

export const CONDITION_WORDS = {
	eq: "is",
	ne: "is not",
	lt: "below",
	le: "at most",
	gt: "above",
	ge: "at least",
	has: "contains",
	any: "is there",
	none: "is missing",
} as const;
