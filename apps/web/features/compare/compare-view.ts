import { MOST_COMPARED } from "@atelier/core";
import { readChoice, readList, readText, toParams, type UrlStateCodec } from "~/features/url-state";

/** The paper's metrics without their cutoff, which is the runs' own. */
export const METRIC_KINDS = ["recall", "ndcg", "mrr"] as const;
export type MetricKind = (typeof METRIC_KINDS)[number];
export const METRIC_KIND_TITLES: Record<MetricKind, string> = { recall: "Recall", ndcg: "NDCG", mrr: "MRR" };

/** Whose shoppers are listed: all that differ, or those whom the reference or the other serves better. */
export const SIDES = ["either", "first", "other"] as const;
export type Side = (typeof SIDES)[number];

/** A place in the plot of two ranks; 0 stands for a purchase that is not among the first K. */
export interface RankCell {
	first: number;
	other: number;
}

/** What the Compare page shows. */
export interface CompareView {
	/** Ids of runs, or beginnings of them; the first is the reference. */
	runs: string[];
	metric: MetricKind;
	/** The run whose shoppers stand beside the reference's; empty for the second. */
	against: string;
	side: Side;
	/** Only shoppers of one cell of the plot. */
	cell: RankCell | null;
	/** The attribute by whose values the runs are sliced. */
	by: string;
}

const FIRST_ATTRIBUTE = "history";

export const compareViewCodec: UrlStateCodec<CompareView> = {
	parse: (params) => ({
		runs: readList(params, "runs").slice(0, MOST_COMPARED),
		metric: readChoice(params, "metric", METRIC_KINDS, "ndcg"),
		against: readText(params, "against"),
		side: readChoice(params, "side", SIDES, "either"),
		cell: readCell(readText(params, "ranks")),
		by: readText(params, "by") || FIRST_ATTRIBUTE,
	}),
	serialise: ({ runs, metric, against, side, cell, by }) =>
		toParams({
			runs,
			metric: metric === "ndcg" ? "" : metric,
			against,
			side: side === "either" ? "" : side,
			ranks: cell === null ? "" : `${cell.first}-${cell.other}`,
			by: by === FIRST_ATTRIBUTE ? "" : by,
		}),
};

function readCell(text: string): RankCell | null {
	const [, first, other] = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
	return first === undefined || other === undefined ? null : { first: Number(first), other: Number(other) };
}

const START = compareViewCodec.parse(new URLSearchParams());

/** The page with these runs, the reference first. */
export function compareHref(runs: readonly string[], view: Partial<Omit<CompareView, "runs">> = {}): string {
	return `/compare?${compareViewCodec.serialise({ ...START, ...view, runs: [...runs] })}`;
}
