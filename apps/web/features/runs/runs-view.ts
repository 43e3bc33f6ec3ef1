import { WORK_STATUSES, type WorkStatus } from "@atelier/ui";
import { readList, readSort, readText, type Sort, toParams, type UrlStateCodec, writeSort } from "~/features/url-state";

/** Filters, order and the open peek panel of the Runs page. */
export interface RunsView {
	dataset: string[];
	method: string[];
	status: WorkStatus[];
	/** Only the runs of one launch; empty for all. */
	launch: string;
	sort: Sort | null;
	/** Id of the run in the peek panel; empty for none. */
	peek: string;
}

export const runsViewCodec: UrlStateCodec<RunsView> = {
	parse: (params) => {
		const wanted = readList(params, "status");
		return {
			dataset: readList(params, "dataset"),
			method: readList(params, "method"),
			status: WORK_STATUSES.filter((status) => wanted.includes(status)),
			launch: readText(params, "launch"),
			sort: readSort(params, "sort"),
			peek: readText(params, "peek"),
		};
	},
	serialise: ({ dataset, method, status, launch, sort, peek }) =>
		toParams({ dataset, method, status, launch, sort: writeSort(sort), peek }),
};

export function isFiltered(view: RunsView): boolean {
	return view.dataset.length + view.method.length + view.status.length > 0 || view.launch !== "";
}
