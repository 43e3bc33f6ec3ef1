import { formatMetric } from "@atelier/ui";
import type { RunStage } from "./run-types";

export interface RerankerWeight {
	feature: string;
	weight: number;
	/** Of the largest weight's size. */
	share: number;
}

const PREFIX = "reranker.weight.";

/** The heaviest weights of the fused ranking's linear model, as its stage tells them; none for any other run. */
export function prepareReranker(stages: readonly Pick<RunStage, "kind" | "result">[]): RerankerWeight[] {
	const result = stages.find(({ kind }) => kind === "evaluate")?.result ?? {};
	const weights = Object.entries(result).flatMap(([name, value]) =>
		name.startsWith(PREFIX) && typeof value === "number" ? [{ feature: name.slice(PREFIX.length), weight: value }] : [],
	);
	const largest = Math.max(...weights.map(({ weight }) => Math.abs(weight)));
	return weights
		.map((one) => ({ ...one, share: largest === 0 ? 0 : Math.abs(one.weight) / largest }))
		.sort((a, b) => b.share - a.share);
}

/** The heaviest weights in a sentence. */
export function describeReranker([first, second]: readonly RerankerWeight[]): string {
	if (first === undefined) return "";
	const direction = ({ weight }: RerankerWeight) => (weight < 0 ? "against" : "for");
	const lead = `${first.feature} speaks most, ${direction(first)} a product (${formatMetric(first.weight)})`;
	return second === undefined
		? `${lead}.`
		: `${lead}, then ${second.feature}, ${direction(second)} it (${formatMetric(second.weight)}).`;
}
