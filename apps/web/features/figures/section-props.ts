import type { MetricName } from "@atelier/core";

export interface SectionProps {
	/** Names of datasets or groups; empty for all. */
	datasets: string[];
	metric: MetricName;
}

export const REFRESH_MS = 15_000;
