import { METRIC_KINDS, type MetricKind } from "~/features/compare/compare-view";
import { readChoice, readList, readText, toParams, type UrlStateCodec } from "~/features/url-state";
import { cutoffText, readCutoff } from "./cutoff";

/** What the Slices page shows. */
export interface SlicesView {
	/** Empty for the first that has results. */
	dataset: string;
	/** The attribute whose values make the groups. */
	by: string;
	metric: MetricKind;
	/** Null for the K that the runs were evaluated at. */
	k: number | null;
	/** Of which shoppers the groups are; empty for all. */
	slice: string;
	/** Empty for ours. */
	reference: string;
	/** Empty for all that were measured. */
	methods: string[];
}

export const FIRST_ATTRIBUTE = "cold";

export const slicesViewCodec: UrlStateCodec<SlicesView> = {
	parse: (params) => ({
		dataset: readText(params, "dataset"),
		by: readText(params, "by") || FIRST_ATTRIBUTE,
		metric: readChoice(params, "metric", METRIC_KINDS, "ndcg"),
		k: readCutoff(params),
		slice: readText(params, "slice"),
		reference: readText(params, "reference"),
		methods: readList(params, "methods"),
	}),
	serialise: ({ dataset, by, metric, k, slice, reference, methods }) =>
		toParams({
			dataset,
			by: by === FIRST_ATTRIBUTE ? "" : by,
			metric: metric === "ndcg" ? "" : metric,
			k: cutoffText(k),
			slice,
			reference,
			methods,
		}),
};

const START = slicesViewCodec.parse(new URLSearchParams());

export function slicesHref(view: Partial<SlicesView>): string {
	return `/slices?${slicesViewCodec.serialise({ ...START, ...view })}`;
}
