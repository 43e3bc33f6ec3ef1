import { STAGE_REVISIONS, type StageKind, type StageParams, stageParams } from "../contracts";
import type { PlannedStage } from "./plan-run";
import { contentKey } from "./stage-key";

export interface OutsideRequest {
	datasetId: string;
	/** The split whose test shoppers the file ranks for; it is there already. */
	split: PlannedStage;
	/** How it is measured; the other sources' parameters mean nothing here. */
	evaluate: Omit<StageParams<"evaluate">, "source" | "fusion">;
	ranks: StageParams<"outside">;
}

/** The stages of a run whose ranks came from a file: the split, the ranks themselves, and what every run ends with. */
export function planOutside({ datasetId, split, evaluate, ranks }: OutsideRequest): PlannedStage[] {
	const outside = planned("outside", datasetId, stageParams.outside.parse(ranks), { split: split.key });
	const measured = stageParams.evaluate.parse({ ...evaluate, source: "outside", fusion: null });
	const inputs = { split: split.key, baseline: outside.key };
	return [split, outside, planned("evaluate", datasetId, measured, inputs)];
}

function planned(
	kind: StageKind & ("outside" | "evaluate"),
	datasetId: string,
	params: Record<string, unknown>,
	inputs: Record<string, string>,
): PlannedStage {
	const revision = STAGE_REVISIONS[kind];
	const key = contentKey({ kind, revision, params, inputs, seed: 0 });
	return { key, kind, where: "worker", revision, params, inputs, datasetId, needsDataset: false, seed: 0 };
}
