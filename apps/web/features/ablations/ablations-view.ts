import { readList, readText, toParams, type UrlStateCodec } from "~/features/url-state";

/** What the Ablations page shows. */
export interface AblationsView {
	/** Names of datasets or groups; empty for all. */
	dataset: string[];
	/** Open row as `dataset/variant`; empty for none. */
	row: string;
}

export const ablationsViewCodec: UrlStateCodec<AblationsView> = {
	parse: (params) => ({ dataset: readList(params, "dataset"), row: readText(params, "row") }),
	serialise: ({ dataset, row }) => toParams({ dataset, row }),
};
