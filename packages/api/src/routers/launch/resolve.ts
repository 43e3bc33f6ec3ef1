import {
	AppError,
	applyOverrides,
	type DatasetFacts,
	effectivePreset,
	gridPointName,
	gridPoints,
	isMethod,
	METHOD_IDS,
	type Method,
	type ModelFacts,
	type ModelPins,
	memoryNeed,
	needsOf,
	type PlannedStage,
	type Preset,
	planRun,
	RESOURCE_SECTIONS,
	refuseUnfitModels,
	type StageNeeds,
	settingName,
	suiteRuns,
	TRAINER_KINDS,
	type TrainerKind,
	variantName,
} from "@atelier/core";
import { pinModels, readModelFacts, refuseModelOutside } from "@atelier/data";
import type { Dataset } from "@atelier/db";
import { PRIORITIES } from "@atelier/jobs";
import { z } from "zod";
import type { Services } from "../../context";
import { statisticsOf, toDatasetRow } from "../../rows/dataset-row";
import { findReadyDatasets } from "../../rows/find-dataset";
import { findHost, type HostRow, hostRows } from "../../rows/host-row";
import { named, readPresets, readSuites } from "../../suites";
import { type Placement, placeStage } from "./place-stages";
import { priority } from "./priority";

export const launchRequest = z.strictObject({
	suite: z.string(),
	/** Names of datasets or of groups. */
	datasets: z.array(z.string()).min(1, "choose at least one dataset"),
	/** Methods in place of the suite's. */
	methods: z.array(z.string()).min(1).optional(),
	/** Names of variants and settings (as `no-memory+no-id-embedding`, `low-resource(0.25)`) in place of the suite's. */
	variants: z.array(z.string()).min(1).optional(),
	settings: z.array(z.string()).min(1).optional(),
	seeds: z.array(z.int().nonnegative()).min(1).max(20).optional(),
	preset: z.string().optional(),
	set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
	/** -10 to 10; of what waits, launches of higher priority go first. */
	priority: priority.default(PRIORITIES.usual),
	/** Leave out runs that another launch has under way already. */
	onlyMissing: z.boolean().default(false),
	/** Name of the host on which its trainer stages run; any that has what they need where it is not said. */
	on: z.string().optional(),
	/** Stages that would take it past this many GPU-hours are not begun. */
	budgetGpuHours: z.number().positive().max(1e6).optional(),
});
export type LaunchRequest = z.infer<typeof launchRequest>;

/** Where a stage of a run would run, and what it would hold there. */
export interface PlacedStage extends Placement {
	needs: StageNeeds;
}

export interface ResolvedRun {
	dataset: Dataset;
	method: Method;
	variant: string;
	setting: string;
	seed: number;
	/** The preset as the variant has it. */
	config: Preset;
	plan: PlannedStage[];
	needs: Record<TrainerKind, StageNeeds>;
}
export interface ResolvedLaunch {
	suite: string;
	preset: Preset;
	runs: ResolvedRun[];
	/** By stage key, of the stages that the trainer runs. */
	places: Map<string, PlacedStage>;
	/** In words, what of the suite these datasets cannot have. */
	skipped: string[];
}

/**
 * What a launch request comes to: one run for each dataset, method, variant, setting and seed, with its stages.
 *
 * @throws AppError BAD_REQUEST for unknown names and settings, or a method that a dataset cannot serve; NOT_FOUND and
 * CONFLICT for datasets.
 */
export async function resolveLaunch(
	{ db, suitesDir, readable, hubCache }: Pick<Services, "db" | "suitesDir" | "readable" | "hubCache">,
	request: LaunchRequest,
): Promise<ResolvedLaunch> {
	if (request.on !== undefined) await findHost(db, request.on);
	const suite = named("suite", await readSuites(suitesDir), request.suite);
	const base = named("preset", await readPresets(suitesDir), request.preset ?? suite.preset);
	const overrides = { ...suite.set, ...request.set };
	const preset = applyOverrides(base, overrides);
	const points = gridPoints(suite.grid).map((point) => ({
		name: gridPointName(point),
		preset: applyOverrides(base, { ...overrides, ...point }),
	}));
	const methods = request.methods?.map((name) => {
		if (isMethod(name)) return name;
		throw new AppError("BAD_REQUEST", `Unknown method "${name}". There are: ${METHOD_IDS.join(", ")}.`);
	});
	const datasets = await findReadyDatasets(db, request.datasets);
	const known = await db.dataset.findMany({ where: { status: "ready" } });
	const choice = { methods, variants: request.variants, settings: request.settings };
	const { runs, skipped } = suiteRuns(suite, choice, datasets, known);
	const seeds = [...new Set(request.seeds ?? suite.seeds)];
	const planAll = (pins?: ModelPins) =>
		runs.flatMap(({ dataset, variant, source, ...run }) =>
			points.flatMap((point) =>
				seeds.map((seed): ResolvedRun => {
					const facts = { dataset: factsOf(dataset), ...(source && { source: factsOf(source) }) };
					return {
						dataset,
						method: run.method,
						variant: point.name || variantName(variant),
						setting: settingName(run.setting),
						seed,
						config: effectivePreset(point.preset, variant),
						needs: needsOf(point.preset.resources),
						plan: planRun({ ...run, ...facts, variant, preset: point.preset, seed, ...(pins && { pins }) }),
					};
				}),
			),
		);
	const drawn = planAll();
	const stages = new Map(drawn.flatMap(({ plan }) => plan.map((stage) => [stage.key, stage] as const)));
	for (const stage of stages.values()) await refuseModelOutside(readable, stage);
	// Only models that these runs need must be here.
	const pins = await pinModels(stages.values(), hubCache);
	refuseUnfitModels(stages.values(), stages, await readModelFacts(stages.values(), pins, hubCache));
	const planned = pins.size === 0 ? drawn : planAll(pins);
	const bases = planned.flatMap(({ plan }) => plan.filter(({ kind }) => kind === "base-model"));
	const facts = await readModelFacts(bases, pins, hubCache);
	const places = placeAll(await hostRows(db), request.on, planned, facts);
	return { suite: suite.name, preset, runs: planned, places, skipped };
}

/** Of a stage that several runs share the first that needs it decides, as its launch does among launches. */
function placeAll(
	hosts: readonly HostRow[],
	on: string | undefined,
	runs: readonly ResolvedRun[],
	facts: ReadonlyMap<string, ModelFacts>,
) {
	const places = new Map<string, PlacedStage>();
	for (const { plan, needs, config } of runs) {
		for (const { key, kind, params, inputs } of plan) {
			const trainerKind = TRAINER_KINDS.find((known) => known === kind);
			if (trainerKind === undefined || places.has(key)) continue;
			const wanted = needs[trainerKind];
			const section = RESOURCE_SECTIONS[trainerKind];
			// What somebody said goes before what is estimated.
			const memory =
				wanted.memoryGb === null ? memoryNeed({ kind, params, inputs }, facts, config.prompts.maxTokens) : null;
			places.set(key, { needs: wanted, ...placeStage(hosts, on, { kind, section, needs: wanted, memory }) });
		}
	}
	return places;
}

function factsOf(dataset: Dataset): DatasetFacts {
	const { searches = 0, clicks = 0, purchases = 0 } = statisticsOf(toDatasetRow(dataset).counts) ?? {};
	return { id: dataset.id, name: dataset.name, searches, clicks, purchases };
}
