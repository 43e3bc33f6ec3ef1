import { readChoice, readText, toParams, type UrlStateCodec } from "~/features/url-state";

export const DATASET_TABS = ["statistics", "characteristics", "items", "shoppers", "quarantine"] as const;
export type DatasetTab = (typeof DATASET_TABS)[number];

/** What a dataset's page shows. */
export interface DatasetView {
	tab: DatasetTab;
	/** Search words of the items' or the shoppers' tab. */
	search: string;
	/** The shopper whose sequence is open; empty for none. */
	user: string;
}

export const datasetViewCodec: UrlStateCodec<DatasetView> = {
	parse: (params) => ({
		tab: readChoice(params, "tab", DATASET_TABS, "statistics"),
		search: readText(params, "search"),
		user: readText(params, "user"),
	}),
	serialise: ({ tab, search, user }) => toParams({ tab: tab === "statistics" ? "" : tab, search, user }),
};
