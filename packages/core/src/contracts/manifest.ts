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
	/** Rows that were kept although something in them was left out, by what it was; absent from older imports. */
	warnedByReason: z.record(z.string(), count).optional(),
	/** What tells a wrong reading at a glance; absent from older imports. */
	summary: z
		.object({
			/** Null where the log has no times. */
			firstAt: z.iso.datetime().nullable(),
			lastAt: z.iso.datetime().nullable(),
			eventsPerUser: z.object({ median: z.number(), most: count }),
			/** Shares of the items, 0..1; a title that is the id alone is none. */
			withTitle: z.number(),
			withAttributes: z.number(),
			/** In words, what a log of real shoppers rarely has. */
			odd: z.array(z.string()),
		})
		.optional(),
	sources: z.array(z.object({ name: z.string(), sizeBytes: count, sha256: z.string() })),
	/** The files beside this one; manifests of older versions list none. */
	files: storedFiles.default([]),
	createdAt: z.iso.datetime(),
});
export type DatasetManifest = z.infer<typeof datasetManifest>;
