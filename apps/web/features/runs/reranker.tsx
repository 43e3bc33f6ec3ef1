import { CellBar, formatMetric, Panel } from "@atelier/ui";
import { describeReranker, prepareReranker } from "./prepare-reranker";
import type { RunDetail } from "./run-types";

/** What the fused ranking weighs; nothing for a run without a re-ranker. */
export function Reranker({ run }: { run: Pick<RunDetail, "stages"> }) {
	const weights = prepareReranker(run.stages);
	if (weights.length === 0) return null;
	return (
		<Panel
			title="Re-ranker"
			description="A linear model over the lists and likelihoods, fitted on validation alone; its heaviest weights, of standardised features."
		>
			<p className="mb-3 font-medium">{describeReranker(weights)}</p>
			<ul className="grid gap-x-8 gap-y-1.5 sm:grid-cols-2">
				{weights.map(({ feature, weight, share }) => (
					<li key={feature} className="flex items-center gap-3 text-sm">
						<span className="min-w-0 flex-1 truncate">{feature}</span>
						<CellBar value={share} max={1} className="w-16" />
						<span className="w-14 text-right tabular-nums">{formatMetric(weight)}</span>
					</li>
				))}
			</ul>
		</Panel>
	);
}
