import { z } from "zod";

/** A file of an artifact as it was when it was written; `path` is relative to the artifact's folder. */
export const storedFile = z.object({
	path: z.string().min(1),
	sizeBytes: z.int().nonnegative(),
	sha256: z.string().length(64),
});
export type StoredFile = z.infer<typeof storedFile>;

export const storedFiles = z.array(storedFile);
