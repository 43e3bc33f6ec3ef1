import type { Outputs } from "~/trpc/client";

/** A row of the Runs page, with the columns that were asked for. */
export type ListedRun = Outputs["runs"]["list"]["rows"][number];
/** What every list of runs says of each. */
export type RunRow = Omit<ListedRun, "values">;
export type RunDetail = Outputs["runs"]["get"];
export type RunStage = RunDetail["stages"][number];
export type MetricSeries = Outputs["runs"]["metrics"][number];
export type LogLine = Outputs["runs"]["logs"][number];

export function isLive(status: RunRow["status"]): boolean {
	return status === "queued" || status === "running";
}
