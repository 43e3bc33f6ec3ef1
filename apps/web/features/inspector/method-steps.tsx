import { GenerationSection } from "./generation-section";
import type { Recommendation } from "./inspector-types";
import { ListsSection } from "./lists-section";
import { MemorySection } from "./memory-section";
import { PromptSection } from "./prompt-section";

export interface MethodStepsProps {
	recommendation: Recommendation;
	/** Id of the ground truth. */
	truth: number;
	n: number;
	/** Number of the first step. */
	from: number;
}

/** What ours did, from the query to the final list; the same for a stored recommendation and a live one. */
export function MethodSteps({ recommendation, truth, n, from }: MethodStepsProps) {
	return (
		<>
			<MemorySection number={from} recommendation={recommendation} truth={truth} />
			<PromptSection number={from + 1} prompt={recommendation.prompt} truth={truth} />
			<GenerationSection number={from + 2} generation={recommendation.generation} truth={truth} />
			<ListsSection number={from + 3} recommendation={recommendation} truth={truth} n={n} />
		</>
	);
}
