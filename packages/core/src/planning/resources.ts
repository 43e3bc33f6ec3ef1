import { z } from "zod";
import type { TrainerKind } from "../contracts";
import { NO_NEEDS, type StageNeeds } from "../hosts";

const resource = z
	.strictObject({
		/** `gpu`: only where a GPU is free. */
		pool: z.enum(["cpu", "gpu"]).default("cpu"),
		/** GPUs that it holds, one where the pool is `gpu` and this says 0. */
		gpus: z.int().nonnegative().max(1024).default(0),
		/** Gigabytes of one GPU, or in the pool `cpu` of the machine; null where it is not said. */
		memoryGb: z.number().positive().nullable().default(null),
	})
	.prefault({});

/** `resources:` of a preset: what a stage needs where it runs, for each kind that the trainer runs. */
export const presetResources = z
	.strictObject({
		encodeQueries: resource,
		baseModel: resource,
		fineTune: resource,
		generate: resource,
		titleEncoder: resource,
		idEncoder: resource,
		retrieve: resource,
		rerank: resource,
		baselines: resource,
	})
	.prefault({});
export type PresetResources = z.infer<typeof presetResources>;

/** Which section of `resources:` says what a kind of stage needs. */
export const RESOURCE_SECTIONS: Record<TrainerKind, keyof PresetResources> = {
	"encode-queries": "encodeQueries",
	"base-model": "baseModel",
	"fine-tune": "fineTune",
	generate: "generate",
	"title-encoder": "titleEncoder",
	"id-encoder": "idEncoder",
	retrieve: "retrieve",
	rerank: "rerank",
	baseline: "baselines",
};

/** What the stages of a preset need, by kind. */
export function needsOf(resources: PresetResources): Record<TrainerKind, StageNeeds> {
	const of = (kind: TrainerKind) => needs(resources[RESOURCE_SECTIONS[kind]]);
	return {
		"encode-queries": of("encode-queries"),
		"base-model": of("base-model"),
		"fine-tune": of("fine-tune"),
		generate: of("generate"),
		"title-encoder": of("title-encoder"),
		"id-encoder": of("id-encoder"),
		retrieve: of("retrieve"),
		rerank: of("rerank"),
		baseline: of("baseline"),
	};
}

function needs({ pool, gpus, memoryGb }: PresetResources["fineTune"]): StageNeeds {
	if (pool === "cpu") return { ...NO_NEEDS, memoryGb };
	return { pool, gpus: Math.max(1, gpus), memoryGb };
}
