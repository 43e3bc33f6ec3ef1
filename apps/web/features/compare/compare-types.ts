import type { Outputs } from "~/trpc/client";

export type Comparison = Outputs["results"]["comparison"];
export type ComparedRun = Comparison["runs"][number];
export type Tests = Outputs["results"]["compare"];
export type JointRanks = Outputs["results"]["jointRanks"];
export type ListOverlap = Outputs["results"]["listOverlap"];
export type DifferingShopper = Outputs["results"]["differingShoppers"]["rows"][number];
