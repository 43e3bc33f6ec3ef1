import type { Outputs } from "~/trpc/client";

/** One shopper of one run, as stored. */
export type Inspected = Outputs["inspector"]["get"];
export type HistoryEvent = Inspected["history"][number];
export type Shopper = Outputs["inspector"]["shoppers"][number];
export type Recommendation = Extract<Outputs["inspector"]["recommend"], { state: "ready" }>["recommendation"];
export type Item = Recommendation["idList"][number];
