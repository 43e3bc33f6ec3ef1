import type { Outputs } from "~/trpc/client";

export type HostRow = Outputs["hosts"]["list"][number];
export type HostThroughput = Outputs["hosts"]["get"]["throughput"];
