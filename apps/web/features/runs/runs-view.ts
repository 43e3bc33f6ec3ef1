import { WORK_STATUSES, type WorkStatus } from "@atelier/ui";
import { readList, readSort, readText, type Sort, toParams, type UrlStateCodec, writeSort } from "~/features/url-state";

/** Filters, order and the open peek panel of the Runs page. */
export interface RunsView {
	dataset: string[];
	method: string[];
	variant: string[];
	/** Settings by their beginning: `zero-shot` is every source. */
	setting: string[];
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
			variant: readList(params, "variant"),
			setting: readList(params, "setting"),
			status: WORK_STATUSES.filter((status) => wanted.includes(status)),
			launch: readText(params, "launch"),
			sort: readSort(params, "sort"),
			peek: readText(params, "peek"),
		};
	},
	serialise: ({ dataset, method, variant, setting, status, launch, sort, peek }) =>
		toParams({ dataset, method, variant, setting, status, launch, sort: writeSort(sort), peek }),
};

export function isFiltered(view: RunsView): boolean {
	const { dataset, method, variant, setting, status, launch } = view;
	return [dataset, method, variant, setting, status].some((chosen) => chosen.length > 0) || launch !== "";
}
