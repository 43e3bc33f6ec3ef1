import { readChoice, readList, readText, toParams, type UrlStateCodec } from "~/features/url-state";
import { METRIC_NAMES, type MetricName } from "./prepare-benchmark";

/** What the Benchmark page shows. */
export interface BenchmarkView {
	/** Names of datasets or groups; empty for all. */
	dataset: string[];
	/** The metric of the chart. */
	metric: MetricName;
	/** Open cell as `dataset/method`; empty for none. */
	cell: string;
}

export const benchmarkViewCodec: UrlStateCodec<BenchmarkView> = {
	parse: (params) => ({
		dataset: readList(params, "dataset"),
		metric: readChoice(params, "metric", METRIC_NAMES, "recall@10"),
		cell: readText(params, "cell"),
	}),
	serialise: ({ dataset, metric, cell }) => toParams({ dataset, metric: metric === "recall@10" ? "" : metric, cell }),
};
