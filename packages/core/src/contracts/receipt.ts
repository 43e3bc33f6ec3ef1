import { z } from "zod";
import { stageEnvironment } from "./environment";
import { storedFiles } from "./stored-file";

/** `receipt.json`: written last and by rename. A stage attempt has succeeded exactly when it is there. */
export const receipt = z.object({
	contract: z.literal(1),
	key: z.string(),
	attempt: z.string(),
	/** Files relative to the attempt's folder. */
	outputs: storedFiles,
	durationMs: z.number().nonnegative(),
	/** Receipts of older versions have none. */
	environment: stageEnvironment.optional(),
	/** The last `result` event's payload. */
	result: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
});
export type Receipt = z.infer<typeof receipt>;
