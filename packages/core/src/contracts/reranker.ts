import { z } from "zod";

/** `features.json` of a pools stage: names of the features, in the order in which `pools.parquet` holds them. */
export const poolFeatures = z.strictObject({ contract: z.literal(1), names: z.array(z.string()) });

/** `reranker.json`: a linear ranking model, as the trainer's rerank stage fits it. */
export const rerankerModel = z.strictObject({
	contract: z.literal(1),
	/** Validation examples, and those of them whose pool holds the ground truth. */
	examples: z.int().nonnegative(),
	fittedOn: z.int().positive(),
	/** Strength of the L2 penalty, and how each strength did in cross-validation (mean negative log-likelihood). */
	penalty: z.number().positive(),
	crossValidation: z.array(z.strictObject({ penalty: z.number(), loss: z.number() })),
	/** An item's score is its features, each over its deviation, times the weights. */
	features: z.array(z.strictObject({ name: z.string(), weight: z.number(), deviation: z.number().positive() })),
});
export type RerankerModel = z.infer<typeof rerankerModel>;
