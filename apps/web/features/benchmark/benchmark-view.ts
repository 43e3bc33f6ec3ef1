import { METRIC_NAMES, type MetricName } from "@atelier/core";
import { readChoice, readList, readText, toParams, type UrlStateCodec } from "~/features/url-state";
import { UNDER_FIGURES, type UnderFigures } from "./prepare-benchmark";

/** What the Benchmark page shows. */
export interface BenchmarkView {
	/** Names of datasets or groups; empty for all. */
	dataset: string[];
	/** The metric of the chart. */
	metric: MetricName;
	/** The small line under each figure. */
	under: UnderFigures;
	/** Open cell as `dataset/method`; empty for none. */
	cell: string;
}

export const benchmarkViewCodec: UrlStateCodec<BenchmarkView> = {
	parse: (params) => ({
		dataset: readList(params, "dataset"),
		metric: readChoice(params, "metric", METRIC_NAMES, "recall@10"),
		under: readChoice(params, "under", UNDER_FIGURES, "paper"),
		cell: readText(params, "cell"),
	}),
	serialise: ({ dataset, metric, under, cell }) =>
		toParams({
			dataset,
			metric: metric === "recall@10" ? "" : metric,
			under: under === "paper" ? "" : under,
			cell,
		}),
};
