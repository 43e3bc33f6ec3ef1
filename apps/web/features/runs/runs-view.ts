import { WORK_STATUSES, type WorkStatus } from "@atelier/ui";
import { readList, readSort, readText, type Sort, toParams, type UrlStateCodec, writeSort } from "~/features/url-state";

export const CONDITIONS = ["eq", "ne", "lt", "le", "gt", "ge", "has", "any", "none"] as const;
export type ConditionKind = (typeof CONDITIONS)[number];

/** What has to hold of a column, a metric or a parameter. */
export interface RunCondition {
	field: string;
	is: ConditionKind;
	value: string;
}

/** Filters, columns, order, grouping and the open peek panel of the Runs page. */
export interface RunsView {
	dataset: string[];
	method: string[];
	variant: string[];
	/** Settings by their beginning: `zero-shot` is every source. */
	setting: string[];
	status: WorkStatus[];
	/** Only the runs of one launch; empty for all. */
	launch: string;
	/** Words that stand somewhere in what a run is called, says and is marked with. */
	search: string;
	tags: string[];
	where: RunCondition[];
	/** Metrics and parameters beside the usual columns; null for the parameters that differ. */
	columns: string[] | null;
	/** What rows are grouped by; empty for single runs. */
	group: string[];
	sort: Sort | null;
	/** Id of the run in the peek panel; empty for none. */
	peek: string;
}

const CONDITION = new RegExp(`^(\\S+) (${CONDITIONS.join("|")})(?: (.*))?$`, "s");

/** `metric:recall@10 ge 0.2`. */
export function readCondition(text: string): RunCondition | null {
	const [, field, is, value = ""] = CONDITION.exec(text) ?? [];
	const kind = CONDITIONS.find((one) => one === is);
	return field === undefined || kind === undefined ? null : { field, is: kind, value };
}

export const writeCondition = ({ field, is, value }: RunCondition) =>
	`${field} ${is}${value === "" ? "" : ` ${value}`}`;

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
			search: readText(params, "q"),
			tags: readList(params, "tags"),
			where: params.getAll("where").flatMap((text) => readCondition(text) ?? []),
			columns: params.has("columns") ? readList(params, "columns").filter((name) => name !== NO_COLUMNS) : null,
			group: readList(params, "group"),
			sort: readSort(params, "sort"),
			peek: readText(params, "peek"),
		};
	},
	serialise: ({
		dataset,
		method,
		variant,
		setting,
		status,
		launch,
		search,
		tags,
		where,
		columns,
		group,
		sort,
		peek,
	}) => {
		const params = toParams({ dataset, method, variant, setting, status, launch, q: search, tags });
		for (const condition of where) params.append("where", writeCondition(condition));
		const shown = columns === null ? "" : columns.join(",") || NO_COLUMNS;
		for (const [name, text] of toParams({ columns: shown, group, sort: writeSort(sort), peek })) params.set(name, text);
		return params;
	},
};

/** Stands for a choice of no columns, which an empty one would not tell from no choice. */
const NO_COLUMNS = "none";

export const UNFILTERED = {
	...{ dataset: [], method: [], variant: [], setting: [], status: [], launch: "", search: "", tags: [], where: [] },
} satisfies Partial<RunsView>;

export function isFiltered(view: RunsView): boolean {
	const { dataset, method, variant, setting, status, launch, search, tags, where } = view;
	const lists = [dataset, method, variant, setting, status, tags, where];
	return lists.some((chosen) => chosen.length > 0) || launch !== "" || search.trim() !== "";
}

/** What is asked of the console. */
export function filterOf(view: RunsView) {
	const { dataset, method, variant, setting, status, launch, search, tags, where } = view;
	return {
		dataset,
		method,
		variant,
		setting,
		status,
		tags,
		where,
		...(launch && { launch }),
		...(search && { search }),
	};
}

/** Names of the page's columns as the console sorts by them. */
const SORTED_BY: Record<string, string> = {
	"recall@10": "metric:recall@10",
	"ndcg@10": "metric:ndcg@10",
	"mrr@10": "metric:mrr@10",
};

export function orderOf({ sort }: RunsView): Sort | null {
	return sort && { ...sort, by: SORTED_BY[sort.by] ?? sort.by };
}
