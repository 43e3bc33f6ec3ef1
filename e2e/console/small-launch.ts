/** A dataset and a launch that take minutes on two cores; what is learned on it is of no interest. */
export const GROUP = "tour";
export const SHOPPERS = 150;
export const DATASET = "tour-luggage-bags";

export const METHODS = ["popularity", "memory", "sasrec", "core", "ours"];

/** Every stage runs, and briefly. */
export const OVERRIDES = [
	"prompts.trainPrompts=300",
	"baseModel.epochs=0.5",
	"fineTune.hardEpochs=1",
	"titleEncoder.epochs=3",
	"baselines.sasrec.maxEpochs=10",
	"baselines.core.maxEpochs=10",
	"evaluate.bootstrapSamples=200",
];
