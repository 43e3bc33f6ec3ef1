import type { Outputs } from "~/trpc/client";

export type Characteristics = Outputs["datasets"]["characteristics"];
export type Overview = Outputs["datasets"]["characteristicsOverview"];
/** One attribute's lifts, C3. */
export type AttributeDemand = Extract<Characteristics["attributeDriven"], { available: true }>["attributes"][number];
