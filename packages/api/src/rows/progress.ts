import { z } from "zod";

/** Progress as a stage or an import stores it; null before the first report. */
export const storedProgress = z
	.object({ step: z.string(), done: z.number(), total: z.number(), unit: z.string() })
	.nullable()
	.catch(null);
