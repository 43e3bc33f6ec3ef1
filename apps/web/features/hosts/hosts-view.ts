import { readSort, readText, type Sort, toParams, type UrlStateCodec, writeSort } from "~/features/url-state";

export interface HostsView {
	sort: Sort | null;
	/** Name of the host in the peek panel; empty for none. */
	peek: string;
}

export const hostsViewCodec: UrlStateCodec<HostsView> = {
	parse: (params) => ({ sort: readSort(params, "sort"), peek: readText(params, "peek") }),
	serialise: ({ sort, peek }) => toParams({ sort: writeSort(sort), peek }),
};
