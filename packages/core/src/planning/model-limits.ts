import { stageParams } from "../contracts";
import { AppError } from "../errors";
import type { ModelFacts } from "./model-facts";
import type { PlannedStage } from "./plan-run";

/**
 * Refuses what a base model cannot do, before anything runs.
 *
 * @param facts of base models, by the key of their stage; of what is not among them the stages tell
 * @throws AppError BAD_REQUEST that says what to set
 */
export function refuseUnfitModels(
	stages: Iterable<Pick<PlannedStage, "kind" | "params" | "inputs">>,
	bases: ReadonlyMap<string, Pick<PlannedStage, "params">>,
	facts: ReadonlyMap<string, ModelFacts>,
): void {
	for (const { kind, params, inputs } of stages) {
		const model = facts.get(inputs.baseModel ?? "");
		if (kind !== "fine-tune" || model === undefined) continue;
		const name = String(bases.get(inputs.baseModel ?? "")?.params.model ?? model.family);
		const { packing, maxTokens } = stageParams["fine-tune"].parse(params);
		const problem = problemOf(model, packing, maxTokens);
		if (problem !== null) throw new AppError("BAD_REQUEST", `${name} ${problem}`);
	}
}

function problemOf({ isQuantised, packingProblem, longest }: ModelFacts, packing: boolean, maxTokens: number) {
	if (isQuantised) {
		return "has weights that are quantised already. Give the plain ones: fineTune.quantization nf4 holds them in four bits.";
	}
	if (packing && packingProblem !== null) return `cannot be packed: ${packingProblem}. Set fineTune.packing to false.`;
	if (longest !== null && maxTokens > longest) {
		return `reads at most ${longest} tokens at once, and fineTune.maxTokens is ${maxTokens}. Set it to ${longest} or less.`;
	}
	return null;
}
