import { z } from "zod";

/**
 * One line of a stage's `events.ndjson`. `seq` starts at 1 and has no gaps within an attempt, so a reader that starts
 * again after a crash drops what it already holds and misses nothing. `at` is ISO 8601 in UTC.
 */
const base = { seq: z.int().positive(), at: z.iso.datetime() };

export const progressPayload = z.object({
	/** What is being done, in a few words: `epoch 2`, `generating`. */
	step: z.string(),
	done: z.number().nonnegative(),
	total: z.number().positive(),
	/** What `done` and `total` count: `examples`, `rows`, `tokens`. */
	unit: z.string(),
});
export const metricPayload = z.object({
	/** `loss`, `recall@10`, `ndcg@10`, `tokens_per_second`, … */
	name: z.string(),
	value: z.number(),
	/** x of the curve; optimiser steps unless the name says otherwise. */
	step: z.int().nonnegative(),
	split: z.enum(["train", "valid", "test"]).optional(),
});
export const logPayload = z.object({ level: z.enum(["info", "error"]), message: z.string() });
/** What a reader of the figures has to know: it reaches the run, and tables that show it, as well as the log. */
export const warningPayload = z.object({ message: z.string(), code: z.string().optional() });
/** The stage's own summary, once, at the end: named numbers, words and flags for its page. */
export const resultPayload = z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]));

export const stageEvent = z.discriminatedUnion("type", [
	z.object({ ...base, type: z.literal("progress"), payload: progressPayload }),
	z.object({ ...base, type: z.literal("metric"), payload: metricPayload }),
	z.object({ ...base, type: z.literal("log"), payload: logPayload }),
	z.object({ ...base, type: z.literal("warning"), payload: warningPayload }),
	z.object({ ...base, type: z.literal("result"), payload: resultPayload }),
]);

export type StageEvent = z.infer<typeof stageEvent>;
export type StageEventType = StageEvent["type"];
export type ProgressPayload = z.infer<typeof progressPayload>;
export type MetricPayload = z.infer<typeof metricPayload>;
