import { METHOD_IDS } from "@atelier/core";

/** A dataset and a launch that take minutes on two cores; what is learned on it is of no interest. */
export const GROUP = "tour";
export const SHOPPERS = 150;
export const DATASET = "tour-luggage-bags";

/** All that the suite `table2` runs. */
export const METHODS: string[] = METHOD_IDS.slice();

/** Every stage runs, and briefly. */
export const OVERRIDES = [
	"prompts.trainPrompts=300",
	"baseModel.epochs=0.5",
	"fineTune.hardEpochs=1",
	"titleEncoder.epochs=3",
	"generate.validPrompts=40",
	...["gru4rec", "sasrec", "bert4rec", "nextitnet", "core"].map((model) => `baselines.${model}.maxEpochs=10`),
	"baselines.recformer.maxEpochs=1",
	"baselines.recformer.pretrainEpochs=1",
	"baselines.recformer.refineEpochs=0",
	"evaluate.bootstrapSamples=200",
];
