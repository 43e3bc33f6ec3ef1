import { AppError, type Preset, preset, type StageKind } from "@atelier/core";
import type { Database, Dataset, Example, Run } from "@atelier/db";
import { findRun } from "./find-run";

export interface InspectedRun {
	run: Run;
	dataset: Dataset;
	config: Preset;
	example: Example;
	/** Key of the run's stage of a kind; undefined where the method has none. */
	stageKey: Partial<Record<StageKind, string>>;
}

/**
 * A succeeded run and one of its test shoppers.
 *
 * @throws AppError NOT_FOUND for an unknown run or shopper, CONFLICT for a run without results.
 */
export async function findInspected(db: Database, runId: string, user: string): Promise<InspectedRun> {
	const run = await findRun(db, runId, { dataset: true, stages: { include: { stage: { select: { kind: true } } } } });
	if (run.status !== "succeeded")
		throw new AppError("CONFLICT", `Run ${run.id} is ${run.status}: it has no lists yet.`);
	const stageKey: Partial<Record<string, string>> = {};
	for (const { stage, stageKey: key } of run.stages) stageKey[stage.kind] = key;
	const example = await db.example.findFirst({ where: { stageKey: stageKey.split, userKey: user } });
	if (example === null) {
		throw new AppError(
			"NOT_FOUND",
			`No test shopper "${user}" in ${run.dataset.name}: one is a shopper with at least two purchases.`,
		);
	}
	return { run, dataset: run.dataset, config: preset.parse(run.config), example, stageKey };
}
