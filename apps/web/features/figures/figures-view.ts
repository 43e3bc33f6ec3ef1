import { METRIC_NAMES, type MetricName } from "@atelier/core";
import { readChoice, readList, toParams, type UrlStateCodec } from "~/features/url-state";

/** What the Figures page shows. */
export interface FiguresView {
	/** Names of datasets or groups; empty for all. */
	dataset: string[];
	metric: MetricName;
}

export const figuresViewCodec: UrlStateCodec<FiguresView> = {
	parse: (params) => ({
		dataset: readList(params, "dataset"),
		metric: readChoice(params, "metric", METRIC_NAMES, "recall@10"),
	}),
	serialise: ({ dataset, metric }) => toParams({ dataset, metric: metric === "recall@10" ? "" : metric }),
};
