/** The figures of every table and chart, in the paper's order. Its MRR is compared with MRR@10. */
export const METRIC_NAMES = ["recall@10", "ndcg@10", "mrr@10"] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

export const METRIC_TITLES: Record<MetricName, string> = {
	"recall@10": "Recall@10",
	"ndcg@10": "NDCG@10",
	"mrr@10": "MRR@10",
};

/** One figure of a cell. */
export interface Measurement {
	/** Mean over the seeds. */
	value: number;
	/** 95 % bootstrap interval over users; null for a mean over seeds, which has `deviation`. */
	low: number | null;
	high: number | null;
	/** Sample standard deviation over seeds; null for a single one. */
	deviation: number | null;
}
/** Null where nothing was measured. */
export type Measurements = Record<MetricName, Measurement | null>;

/** One entry for each metric. */
export function byMetric<T>(make: (name: MetricName) => T): Record<MetricName, T> {
	return { "recall@10": make("recall@10"), "ndcg@10": make("ndcg@10"), "mrr@10": make("mrr@10") };
}

export function isMeasured(metrics: Readonly<Record<string, Measurement | null>>): boolean {
	return Object.values(metrics).some((metric) => metric !== null);
}

/** `0.2037 [0.1912, 0.2160]`, or `0.2037 ± 0.0041` over seeds. */
export function formatMeasurement({ value, low, high, deviation }: Measurement): string {
	if (deviation !== null) return `${value.toFixed(4)} ± ${deviation.toFixed(4)}`;
	return low === null || high === null
		? value.toFixed(4)
		: `${value.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
}
