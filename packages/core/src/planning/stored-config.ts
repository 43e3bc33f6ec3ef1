import { z } from "zod";
import { promptsParams, splitParams } from "../contracts";

const count = z.int().positive();

/**
 * What is read back of a run's stored configuration to inspect the run. Runs outlive the version that made them, whose
 * preset had other sections and settings, so this asks for what is read and for nothing else. A setting that is read here
 * from a later version on needs a default: what earlier versions did without it.
 */
export const storedConfig = z.object({
	split: z.object({ target: splitParams.shape.target }).prefault({}),
	encodeQueries: z.object({ neighbours: count }),
	memory: z.object({ queries: count, products: count }),
	prompts: z.object({
		template: promptsParams.shape.template,
		idForm: promptsParams.shape.idForm,
		attributes: z.boolean(),
		candidates: z.boolean(),
		products: count,
		maxEvents: count,
		maxTokens: count,
		charsPerToken: z.number().positive(),
	}),
	evaluate: z.object({ k: count, n: z.int().nonnegative(), mixup: z.enum(["distinct", "literal"]) }),
});
export type StoredConfig = z.infer<typeof storedConfig>;
