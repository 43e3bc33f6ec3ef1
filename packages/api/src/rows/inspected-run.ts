import { AppError, type StageKind, type StoredConfig, storedConfig } from "@atelier/core";
import type { Database, Dataset, Example, Run } from "@atelier/db";
import { findRun } from "./find-run";

export interface InspectedRun {
	run: Run;
	dataset: Dataset;
	config: StoredConfig;
	example: Example;
	/** Key of the run's stage of a kind; undefined where the method has none. */
	stageKey: Partial<Record<StageKind, string>>;
}

/** @throws AppError CONFLICT for a run without results. */
export function refuseUnfinished(run: Pick<Run, "id" | "status">): void {
	if (run.status === "succeeded") return;
	const why = run.status === "queued" || run.status === "running" ? "it has no lists yet" : "it has no lists";
	throw new AppError("CONFLICT", `Run ${run.id} is ${run.status}: ${why}.`);
}

/** @throws AppError CONFLICT for a run of a version without the settings that are read here. */
function configOf(run: Run): StoredConfig {
	const parsed = storedConfig.safeParse(run.config);
	if (parsed.success) return parsed.data;
	const settings = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
	throw new AppError(
		"CONFLICT",
		`Run ${run.id} was made by another version, whose settings differ (${settings}). Launch it again to inspect it.`,
	);
}

/**
 * A succeeded run and one of its test shoppers.
 *
 * @throws AppError NOT_FOUND for an unknown run or shopper, CONFLICT for a run without results.
 */
export async function findInspected(db: Database, runId: string, user: string): Promise<InspectedRun> {
	const run = await findRun(db, runId, {
		dataset: true,
		stages: { include: { stage: { select: { kind: true, datasetId: true } } } },
	});
	refuseUnfinished(run);
	const stageKey: Partial<Record<string, string>> = {};
	// A zero-shot run has stages on its source as well: those on the dataset that it is tested on are meant.
	const own = run.stages.filter(({ stage }) => stage.datasetId === run.datasetId);
	for (const { stage, stageKey: key } of [...run.stages, ...own]) stageKey[stage.kind] = key;
	const example = await db.example.findFirst({ where: { stageKey: stageKey.split, userKey: user } });
	if (example === null) {
		throw new AppError(
			"NOT_FOUND",
			`No test shopper "${user}" in ${run.dataset.name}: one is a shopper with at least two purchases.`,
		);
	}
	return { run, dataset: run.dataset, config: configOf(run), example, stageKey };
}
