import { z } from "zod";
import { multiple } from "./multiple";

/** Parameters of the `baseline` stage, by model. Settings of the original papers are in `suites/presets`. */
const count = z.int().positive();
const share = z.number().min(0).max(1);

const ranking = { maskSeen: z.boolean(), listLength: count };

const training = {
	hiddenSize: count,
	dropout: share,
	maxLength: count,
	batchSize: count,
	learningRate: z.number().positive(),
	maxEpochs: count,
	/** Evaluations on validation NDCG@10 without a gain before training stops. */
	patience: count,
	...ranking,
};

/** What the models that know items by id alone share. */
const idTraining = {
	...training,
	/**
	 * Items unseen in training get the vector of one trained cold token, which stands in for rare items while training
	 * (the paper's cold-start setting, section 5.4, after Li et al. 2023); otherwise they keep their untrained vectors.
	 */
	coldToken: z.boolean(),
};

/** `ce`: full softmax over the catalogue; `bce`: one sampled negative a position. */
const loss = z.enum(["ce", "bce"]);

/** Attention divides a hidden vector between its heads. */
const wholeHeads = multiple({ field: "hiddenSize", of: "heads" });

/** By model. */
export const baselineModels = {
	popularity: z.strictObject({ model: z.literal("popularity"), ...ranking }),
	gru4rec: z.strictObject({ model: z.literal("gru4rec"), ...idTraining, embeddingSize: count, layers: count, loss }),
	sasrec: z
		.strictObject({ model: z.literal("sasrec"), ...idTraining, layers: count, heads: count, loss })
		.check(wholeHeads.check)
		.meta(wholeHeads.meta),
	bert4rec: z
		.strictObject({
			model: z.literal("bert4rec"),
			...idTraining,
			layers: count,
			heads: count,
			/** Share of a sequence's items that are masked and predicted (Sun et al. 2019, section 3.6). */
			maskShare: share,
		})
		.check(wholeHeads.check)
		.meta(wholeHeads.meta),
	nextitnet: z.strictObject({
		model: z.literal("nextitnet"),
		...idTraining,
		/** Residual blocks; each holds one dilated convolution for every entry of `dilations` (Yuan et al. 2019). */
		blocks: count,
		kernelSize: count,
		dilations: z.array(count).min(1),
		loss,
	}),
	core: z
		.strictObject({
			model: z.literal("core"),
			...idTraining,
			/** Where a sequence's item weights come from: a transformer (CORE-trm), or all alike (CORE-ave). */
			encoder: z.enum(["trm", "ave"]),
			layers: count,
			heads: count,
			/** Temperature of the cosine softmax and dropout of the item vectors (CORE, sections 3.2 and 3.3). */
			temperature: z.number().positive(),
			itemDropout: share,
		})
		.check(wholeHeads.check)
		.meta(wholeHeads.meta),
	recformer: z.strictObject({
		model: z.literal("recformer"),
		/** `maxLength` counts items. */
		...training,
		/** Recformer w/ query: the last search stands before the items. */
		query: z.boolean(),
		/** `minilm` and `longformer` (the original's) start from pretrained weights and ignore the shape given here. */
		textEncoder: z.enum(["scratch", "minilm", "longformer"]),
		/** `longformer`: hub id or folder; null for the others. */
		textModel: z.string().nullable().default(null),
		/** What `textModel` stood for at the launch: a commit of the hub, `sha256:…` over a folder's files. */
		resolved: z.string().optional(),
		vocabularySize: count,
		layers: count,
		heads: count,
		/** Tokens of one attribute value, and of a whole sequence, at most. */
		maxAttributeTokens: count,
		maxTokens: count,
		/** Pre-training: passes over training sequences and catalogue, share of masked tokens, weight of that loss. */
		pretrainEpochs: z.int().nonnegative(),
		maskShare: share,
		maskWeight: z.number().nonnegative(),
		/** Of the item-item contrastive loss and of fine-tuning's softmax over cosines. */
		temperature: z.number().positive(),
		/** Second stage of fine-tuning: passes with the item vectors fixed; `maxEpochs` bounds the first. */
		refineEpochs: z.int().nonnegative(),
	}),
};
export type BaselineModel = keyof typeof baselineModels;

const { popularity, ...trained } = baselineModels;
export const baselineParams = z.discriminatedUnion("model", [popularity, ...Object.values(trained)]);
