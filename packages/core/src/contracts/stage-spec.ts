import { z } from "zod";
import { type StageKind, stageParams } from "./stage-params";

/** Kinds that the Python trainer runs; the others run in the worker. */
export const TRAINER_KINDS = [
	"encode-queries",
	"base-model",
	"fine-tune",
	"generate",
	"title-encoder",
	"id-encoder",
	"retrieve",
	"rerank",
	"baseline",
] as const satisfies readonly StageKind[];
export type TrainerKind = (typeof TRAINER_KINDS)[number];

/**
 * Raised by one whenever the code of a kind changes what it writes: the revision is part of the stage key, so old
 * results are kept and new ones computed.
 */
export const STAGE_REVISIONS: Record<StageKind, number> = {
	split: 1,
	"encode-queries": 3,
	memory: 1,
	prompts: 5,
	"base-model": 4,
	"fine-tune": 7,
	generate: 5,
	parse: 4,
	"title-encoder": 4,
	"id-encoder": 1,
	retrieve: 4,
	pools: 1,
	rerank: 1,
	baseline: 8,
	outside: 1,
	evaluate: 6,
};

const common = {
	contract: z.literal(1),
	revision: z.int().positive(),
	key: z
		.string()
		.regex(/^[0-9a-f]{32}$/)
		.describe("32 hex digits"),
	/** Input name → absolute folder of that stage's outputs (`dataset` is the dataset's folder). */
	inputs: z.record(z.string(), z.string()),
	/** Absolute folder of this attempt; holds spec.json, events.ndjson, receipt.json and the outputs. */
	output: z.string(),
	seed: z.int().nonnegative(),
	device: z.enum(["auto", "cpu", "cuda"]),
	threads: z.int().positive(),
	attempt: z.string(),
	/** Least time between two checkpoints of a stage that trains. */
	checkpointSeconds: z.number().positive().default(180),
	/** Folders of checkpoints that earlier attempts of the same stage left: the furthest whole one is gone on from. */
	resume: z.array(z.string()).default([]),
	/** Processes that train together, each reading a share of every batch (fine-tune, base-model). */
	processes: z.int().positive().default(1),
	/** Rows of a batch that a process reads at a time, for what its memory holds; its whole share where not said. */
	rowsAtOnce: z.int().positive().optional(),
};

/** `spec.json`: everything a trainer process is told. */
export const stageSpec = z.discriminatedUnion("kind", [
	z.strictObject({ kind: z.literal("encode-queries"), params: stageParams["encode-queries"], ...common }),
	z.strictObject({ kind: z.literal("base-model"), params: stageParams["base-model"], ...common }),
	z.strictObject({ kind: z.literal("fine-tune"), params: stageParams["fine-tune"], ...common }),
	z.strictObject({ kind: z.literal("generate"), params: stageParams.generate, ...common }),
	z.strictObject({ kind: z.literal("title-encoder"), params: stageParams["title-encoder"], ...common }),
	z.strictObject({ kind: z.literal("id-encoder"), params: stageParams["id-encoder"], ...common }),
	z.strictObject({ kind: z.literal("retrieve"), params: stageParams.retrieve, ...common }),
	z.strictObject({ kind: z.literal("rerank"), params: stageParams.rerank, ...common }),
	z.strictObject({ kind: z.literal("baseline"), params: stageParams.baseline, ...common }),
]);
export type StageSpec = z.infer<typeof stageSpec>;

/** A spec of whatever kind, whose parameters are checked by the schema of its kind. */
export const stageSpecFrame = z.strictObject({
	kind: z.enum(TRAINER_KINDS),
	params: z.record(z.string(), z.unknown()),
	...common,
});

/** Exit codes of the trainer. Anything else, a signal included, may be tried again. `left`: it was asked to, and has. */
export const TRAINER_EXIT = { ok: 0, badSpec: 2, badData: 3, left: 75 } as const;
