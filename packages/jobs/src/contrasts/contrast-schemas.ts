import type { Contrast } from "@atelier/core";
import { z } from "zod";

/** One run of a contrast with its weight. */
export const contrastTerm = z.strictObject({ runId: z.string(), weight: z.number() });
export type ContrastTerm = z.infer<typeof contrastTerm>;

/** What a contrast is computed from; the runs are those that asked first, others may have the same predictions. */
export const contrastRequest = z.strictObject({
	terms: z.array(contrastTerm).min(1),
	k: z.int().positive(),
	samples: z.int().positive(),
	seed: z.int(),
});
export type ContrastRequest = z.infer<typeof contrastRequest>;

const difference = z.object({
	value: z.number(),
	low: z.number(),
	high: z.number(),
	p: z.number(),
	wins: z.number(),
	ties: z.number(),
	losses: z.number(),
});

/** Null where the runs do not share their test examples. */
export const contrastResult: z.ZodType<Contrast | null> = z
	.object({ users: z.number(), draws: z.number(), metrics: z.record(z.string(), difference) })
	.nullable();
