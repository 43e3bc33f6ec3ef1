import { z } from "zod";
import { storedFiles } from "./stored-file";

const count = z.int().nonnegative();

/** `manifest.json` of an imported dataset. */
export const datasetManifest = z.object({
	contract: z.literal(1),
	id: z.string().regex(/^[0-9a-f]{16}$/),
	name: z.string(),
	group: z.string().nullable(),
	format: z.string(),
	contentHash: z.string().length(64),
	synthetic: z.boolean(),
	/** True when searches were derived from the purchased item (they tell its category). */
	queriesDerived: z.boolean(),
	/** False for formats that give an order but no times. */
	hasTimes: z.boolean(),
	counts: z.object({
		items: count,
		users: count,
		searches: count,
		clicks: count,
		purchases: count,
		exposures: count,
		rejected: count,
	}),
	rejectedByReason: z.record(z.string(), count),
	sources: z.array(z.object({ name: z.string(), sizeBytes: count, sha256: z.string() })),
	/** The files beside this one; manifests of older versions list none. */
	files: storedFiles.default([]),
	createdAt: z.iso.datetime(),
});
export type DatasetManifest = z.infer<typeof datasetManifest>;
