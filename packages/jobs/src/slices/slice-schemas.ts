import { z } from "zod";

/** A method's runs, one a seed. */
export const slicedMethod = z.strictObject({
	method: z.string(),
	runs: z.array(z.strictObject({ runId: z.string(), seed: z.int() })).min(1),
});
export type SlicedMethod = z.infer<typeof slicedMethod>;

export const SLICE_METRICS = ["recall", "ndcg", "mrr", "hit"] as const;
export type SliceMetric = (typeof SLICE_METRICS)[number];

/** What a view is computed from. */
export const sliceRequest = z.strictObject({
	methods: z.array(slicedMethod).min(1),
	/** The method that the others are compared with. */
	reference: z.string().nullable(),
	metrics: z.array(z.enum(SLICE_METRICS)).min(1),
	k: z.int().positive(),
	/** Canonical. */
	slice: z.string(),
	/** Attribute whose values make the groups; one group of all without. */
	by: z.string().nullable(),
	/** Stages whose columns are read: the split's, and those that say what a run's prompts showed. */
	columns: z.array(z.string()),
	seed: z.int(),
});
export type SliceRequest = z.infer<typeof sliceRequest>;

const difference = z.object({
	value: z.number(),
	low: z.number(),
	high: z.number(),
	p: z.number(),
	/** Holm's correction over all tests of the view. */
	adjustedP: z.number(),
	wins: z.number(),
	ties: z.number(),
	losses: z.number(),
});

const figure = z.object({
	/** Mean over the method's seeds. */
	value: z.number(),
	/** Ends of the 95 % interval over users; null while they are being drawn. */
	low: z.number().nullable(),
	high: z.number().nullable(),
	/** To the reference; null for the reference itself, for few users, and where no seed is common. */
	difference: difference.nullable(),
});

export const sliceResult = z.object({
	/** False while intervals and tests are being drawn: then values stand alone. */
	isWhole: z.boolean(),
	/** Draws that are done, of `total`. */
	done: z.number(),
	total: z.number(),
	/** Test users of the slice, and of all that the runs were tested on. */
	users: z.number(),
	of: z.number(),
	/** The most that K may be here. */
	depth: z.number(),
	/** In the order of the values. */
	groups: z.array(
		z.object({
			/** Null for those without a value. */
			label: z.string().nullable(),
			/** Canonical: what holds the group's users, the slice of the view included. */
			slice: z.string(),
			users: z.number(),
			/** So few that figures say little: they are not tested. */
			isSmall: z.boolean(),
			cells: z.array(z.object({ method: z.string(), metrics: z.record(z.string(), figure) })),
		}),
	),
	/** Groups that are not among them, those with the fewest users. */
	left: z.number(),
	/** Tests in the family of the adjusted p values. */
	tests: z.number(),
});
export type SliceResult = z.infer<typeof sliceResult>;
