import { METRIC_NAMES, type MetricName } from "@atelier/core";
import { cutoffText, readCutoff } from "~/features/slices/cutoff";
import { readChoice, readList, readText, toParams, type UrlStateCodec } from "~/features/url-state";
import { UNDER_FIGURES, type UnderFigures } from "./prepare-benchmark";

/** What the Benchmark page shows. */
export interface BenchmarkView {
	/** Names of datasets or groups; empty for all. */
	dataset: string[];
	/** The metric of the chart and of the panel's tests. */
	metric: MetricName;
	/** Null for the K that the runs were evaluated at. */
	k: number | null;
	/** Of which test shoppers; empty for all. */
	slice: string;
	/** The method that all others are compared with; empty for ours. */
	reference: string;
	/** The small line under each figure. */
	under: UnderFigures;
	/** Open cell as `dataset/method`; empty for none. */
	cell: string;
}

export const benchmarkViewCodec: UrlStateCodec<BenchmarkView> = {
	parse: (params) => ({
		dataset: readList(params, "dataset"),
		metric: readChoice(params, "metric", METRIC_NAMES, "recall@10"),
		k: readCutoff(params),
		slice: readText(params, "slice"),
		reference: readText(params, "reference"),
		under: readChoice(params, "under", UNDER_FIGURES, "paper"),
		cell: readText(params, "cell"),
	}),
	serialise: ({ dataset, metric, k, slice, reference, under, cell }) =>
		toParams({
			dataset,
			metric: metric === "recall@10" ? "" : metric,
			k: cutoffText(k),
			slice,
			reference,
			under: under === "paper" ? "" : under,
			cell,
		}),
};

/** Whether figures have to be worked out anew: the stored ones are of all shoppers at the runs' own K, tested against ours. */
export function isSliced({ k, slice, reference }: Pick<BenchmarkView, "k" | "slice" | "reference">): boolean {
	return k !== null || slice !== "" || reference !== "";
}

const START = benchmarkViewCodec.parse(new URLSearchParams());

export function benchmarkHref(view: Partial<BenchmarkView>): string {
	return `/benchmark?${benchmarkViewCodec.serialise({ ...START, ...view })}`;
}
