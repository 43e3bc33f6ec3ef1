import { AppError, type PlannedStage, protocolOf, type StageParams, stageParams } from "@atelier/core";
import type { Database } from "@atelier/db";
import type { OutsideImportRequest } from "@atelier/jobs";
import { z } from "zod";

/** The run whose split and way of measuring an import of ranks shares. */
export interface LikeRun {
	id: string;
	datasetId: string;
	preset: string;
	setting: string;
	split: PlannedStage;
	splitAttempt: string;
	evaluate: Omit<StageParams<"evaluate">, "source" | "fusion">;
	/** What of its configuration holds for the imported run too. */
	config: Record<string, unknown>;
}

/** Sections of a configuration that say how a run is measured, and what the inspector reads; the rest is a method's own. */
const SHARED = ["split", "encodeQueries", "memory", "prompts"] as const;
const sections = z.record(z.string(), z.unknown());
const inputs = z.record(z.string(), z.string());

/** @throws AppError CONFLICT when the run is gone, or its split is not there */
export async function likeRun(db: Database, { like, k }: Pick<OutsideImportRequest, "like" | "k">): Promise<LikeRun> {
	const run = await db.run.findUnique({ where: { id: like }, include: { stages: { include: { stage: true } } } });
	if (run === null) throw new AppError("CONFLICT", `Run ${like}, whose split was wanted, was removed meanwhile.`);
	const stages = run.stages.map(({ stage }) => stage);
	const split = stages.find(({ kind, datasetId }) => kind === "split" && datasetId === run.datasetId);
	const evaluated = stages.find(({ kind }) => kind === "evaluate");
	if (split?.status !== "succeeded" || split.attemptId === null || evaluated === undefined) {
		throw new AppError(
			"CONFLICT",
			`The split of run ${like} is not there (any more). Retry that run, or choose another.`,
		);
	}
	const { source: _, fusion: __, ...evaluate } = stageParams.evaluate.parse(evaluated.params);
	const config = sections.parse(run.config);
	// A baseline masks by a switch of its own; the lists of the file are measured as they come.
	const measured = { ...evaluate, maskSeen: protocolOf(run).maskSeen, k: k ?? evaluate.k };
	return {
		id: run.id,
		datasetId: run.datasetId,
		preset: run.preset,
		setting: run.setting,
		split: {
			...{ key: split.key, kind: "split", where: "worker", revision: split.revision, datasetId: split.datasetId },
			...{
				params: sections.parse(split.params),
				inputs: inputs.parse(split.inputs),
				needsDataset: true,
				seed: split.seed,
			},
		},
		splitAttempt: split.attemptId,
		evaluate: measured,
		config: { ...Object.fromEntries(SHARED.map((name) => [name, config[name]])), evaluate: measured },
	};
}
