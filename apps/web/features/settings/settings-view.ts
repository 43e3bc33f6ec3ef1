import { METRIC_NAMES, type MetricName } from "@atelier/core";
import { readChoice, readList, toParams, type UrlStateCodec } from "~/features/url-state";

/** What the Settings page shows. */
export interface SettingsView {
	/** Names of datasets or groups; empty for all. */
	dataset: string[];
	metric: MetricName;
}

export const settingsViewCodec: UrlStateCodec<SettingsView> = {
	parse: (params) => ({
		dataset: readList(params, "dataset"),
		metric: readChoice(params, "metric", METRIC_NAMES, "recall@10"),
	}),
	serialise: ({ dataset, metric }) => toParams({ dataset, metric: metric === "recall@10" ? "" : metric }),
};
