import { z } from "zod";

/**
 * Parameters of every stage kind. They are part of a stage's key, so two runs that say the same share the stage.
 * Unknown names are refused. Names are camelCase on both sides of the contract.
 */
const count = z.int().positive();
const share = z.number().min(0).max(1);

export const splitParams = z.strictObject({
	protocol: z.enum(["leave-one-out"]),
	/** Seeded share of the users' training sequences that is kept (the paper's low-resource setting). */
	trainRatio: share.default(1),
});

export const encodeQueriesParams = z.strictObject({
	encoder: z.enum(["minilm"]),
	/** Nearest queries stored for each query; more than Q, since some have no listing yet at an example's time. */
	neighbours: count,
});

export const memoryParams = z.strictObject({
	/** Q: nearest queries whose listings are merged. */
	queries: count,
	/** V: products offered as candidates in a prompt. */
	products: count,
	/** Length of the stored ranking (the `memory` control ranks by it). */
	listLength: count,
});

export const promptsParams = z.strictObject({
	template: z.enum(["paper-1"]),
	attributes: z.boolean(),
	candidates: z.boolean(),
	/** At most this many training prompts, those of the latest purchases (any where there are no times). */
	trainPrompts: count,
	/** V again: how many of the memory's products stand in the prompt. */
	products: count,
	/** Budget of the prompt, estimated as characters / `charsPerToken`; the oldest interactions go first. */
	maxTokens: count,
	charsPerToken: z.number().positive(),
});

export const baseModelParams = z.strictObject({
	source: z.enum(["scratch", "path"]),
	/** `path`: a folder with config.json, safetensors and tokenizer files. */
	path: z.string().nullable(),
	/** `scratch`: shape of the small Falcon and of its pre-training on catalogue and training prompts. */
	vocabularySize: count,
	hiddenSize: count,
	layers: count,
	heads: count,
	epochs: z.number().positive(),
	batchSize: count,
	learningRate: z.number().positive(),
});

export const fineTuneParams = z.strictObject({
	loraRank: count,
	loraAlpha: count,
	loraDropout: share,
	/** Passes over all prompts, then passes over the hard share until `hardEpochs` in all. */
	epochs: count,
	hardEpochs: count,
	hardShare: share,
	batchSize: count,
	learningRate: z.number().positive(),
	maxTokens: count,
	/** Weight of the id tokens' loss where the target is, and where it is not, among the candidates. */
	idWeight: z.number().nonnegative(),
	idWeightAbsent: z.number().nonnegative(),
});

export const generateParams = z.strictObject({
	decoding: z.enum(["constrained", "greedy", "sampled"]),
	maxNewTokens: count,
	temperature: z.number().positive(),
	topP: share,
	batchSize: count,
});

export const parseParams = z.strictObject({});

export const titleEncoderParams = z.strictObject({
	encoder: z.enum(["lstm", "minilm"]),
	vocabularySize: count,
	hiddenSize: count,
	epochs: count,
	batchSize: count,
	learningRate: z.number().positive(),
	margin: z.number().positive(),
});

export const idEncoderParams = z.strictObject({});

export const retrieveParams = z.strictObject({ listLength: count });

const sequenceTraining = {
	hiddenSize: count,
	layers: count,
	heads: count,
	dropout: share,
	maxLength: count,
	batchSize: count,
	learningRate: z.number().positive(),
	maxEpochs: count,
	/** Evaluations on validation NDCG@10 without a gain before training stops. */
	patience: count,
	maskSeen: z.boolean(),
	listLength: count,
};
export const baselineParams = z.discriminatedUnion("model", [
	z.strictObject({ model: z.literal("popularity"), maskSeen: z.boolean(), listLength: count }),
	z.strictObject({
		model: z.literal("sasrec"),
		...sequenceTraining,
		/** `ce`: full softmax over the catalogue; `bce`: one sampled negative a position, as in the SASRec paper. */
		loss: z.enum(["ce", "bce"]),
	}),
	z.strictObject({
		model: z.literal("core"),
		...sequenceTraining,
		/** Temperature of the cosine softmax and dropout of the item vectors (CORE, sections 3.2 and 3.3). */
		temperature: z.number().positive(),
		itemDropout: share,
	}),
]);

export const evaluateParams = z.strictObject({
	source: z.enum(["baseline", "memory", "lists"]),
	k: count,
	/** Mixup: positions 1..n from the id list, the rest from the title list. */
	n: z.int().nonnegative(),
	/** `distinct`: the title list goes on until K distinct items stand; `literal`: its positions n+1..K as they are. */
	mixup: z.enum(["distinct", "literal"]),
	maskSeen: z.boolean(),
	bootstrapSamples: count,
});

export const stageParams = {
	split: splitParams,
	"encode-queries": encodeQueriesParams,
	memory: memoryParams,
	prompts: promptsParams,
	"base-model": baseModelParams,
	"fine-tune": fineTuneParams,
	generate: generateParams,
	parse: parseParams,
	"title-encoder": titleEncoderParams,
	"id-encoder": idEncoderParams,
	retrieve: retrieveParams,
	baseline: baselineParams,
	evaluate: evaluateParams,
} as const;

export type StageKind = keyof typeof stageParams;
export type StageParams<K extends StageKind> = z.infer<(typeof stageParams)[K]>;
