import { formatMetric, Missing } from "@atelier/ui";
import type { RunRow } from "./run-types";

export interface MetricCellProps {
	run: Pick<RunRow, "metrics" | "status">;
	name: string;
}

/** A final figure, its 95 % interval on hover. */
export function MetricCell({ run, name }: MetricCellProps) {
	const metric = run.metrics[name];
	if (metric === undefined) {
		return <Missing reason={run.status === "succeeded" ? "Not measured by this run." : `The run is ${run.status}.`} />;
	}
	const interval = `95 % interval ${formatMetric(metric.low)} to ${formatMetric(metric.high)}, ${metric.count} shoppers`;
	return <span title={interval}>{formatMetric(metric.value)}</span>;
}

/** The three that the paper's tables report. */
export const HEADLINE_METRICS = [
	{ name: "recall@10", title: "Recall@10" },
	{ name: "ndcg@10", title: "NDCG@10" },
	{ name: "mrr@10", title: "MRR@10" },
] as const;
