import type { Outputs } from "~/trpc/client";

export type RunRow = Outputs["runs"]["list"]["rows"][number];
export type RunDetail = Outputs["runs"]["get"];
export type RunStage = RunDetail["stages"][number];
export type MetricSeries = Outputs["runs"]["metrics"][number];
export type LogLine = Outputs["runs"]["logs"][number];

export function isLive(status: RunRow["status"]): boolean {
	return status === "queued" || status === "running";
}
