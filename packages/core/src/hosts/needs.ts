import { z } from "zod";

/**
 * What a stage must have where it runs. It is no part of the stage's key: the same stage made elsewhere, or on more
 * GPUs, is the same stage.
 */
export const stageNeeds = z.strictObject({
	pool: z.enum(["cpu", "gpu"]),
	/** GPUs of the host that it holds while it runs. */
	gpus: z.int().nonnegative().max(1024),
	/** Memory that it needs, of one GPU in the pool `gpu`, else of the machine; null where nobody said. */
	memoryGb: z.number().positive().nullable(),
});
export type StageNeeds = z.infer<typeof stageNeeds>;

export const NO_NEEDS: StageNeeds = { pool: "cpu", gpus: 0, memoryGb: null };
