import { z } from "zod";

/** What an attempt ran with, as far as its result can depend on it. */
export const stageEnvironment = z.object({
	/** `cpu`, `cuda`. */
	device: z.string(),
	/** The processor's name, or the GPU's where there is one. */
	processor: z.string(),
	threads: z.int().positive(),
	/** What made the answers of `generate`: `transformers`, `vllm`. */
	engine: z.string().optional(),
	/** Of the language and the libraries that compute: `torch` → `2.5.1`. */
	versions: z.record(z.string(), z.string()),
	/** A hash of the code that ran: of the trainer's package, or of the stages in TypeScript. */
	code: z.string(),
	/** The checkout's commit; null without git. */
	commit: z.string().nullable(),
});
export type StageEnvironment = z.infer<typeof stageEnvironment>;

/** As the record has it; null for attempts of older versions. */
export const storedEnvironment = stageEnvironment.nullable().catch(null);
