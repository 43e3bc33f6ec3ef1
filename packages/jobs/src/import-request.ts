import { z } from "zod";

/** Share of rows that may be rejected before an import fails, unless the request says otherwise. */
export const MAX_REJECTED_SHARE = 0.05;

const group = z.string().min(1).nullable().default(null);

/** What a dataset row's `request` holds: an import of files, or a synthetic sample to generate and import. */
export const importRequest = z.discriminatedUnion("kind", [
	z.strictObject({
		kind: z.literal("import"),
		/** Absolute path of a file or folder on the worker's machine. */
		path: z.string().min(1),
		format: z.string().min(1),
		/** A shipped mapping's name or the path of a YAML file; for the format `mapping`. */
		mapping: z.string().min(1).optional(),
		/** Item file beside a `sequences` file. */
		itemsPath: z.string().min(1).optional(),
		/** Encoding of the text files, by its name on the web; UTF-8 when absent. */
		encoding: z.string().min(1).max(40).optional(),
		/** The upload that these files came in; removed once the import has succeeded. */
		upload: z.string().min(1).optional(),
		maxRejectedShare: z.number().min(0).max(1).default(MAX_REJECTED_SHARE),
		group,
	}),
	z.strictObject({
		kind: z.literal("sample"),
		/** Slug of one of the generator's categories. */
		category: z.string().min(1),
		users: z.int().positive(),
		seed: z.int().nonnegative(),
		group,
	}),
]);
export type ImportRequest = z.infer<typeof importRequest>;
