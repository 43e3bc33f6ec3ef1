import { AppError, type Preset } from "@atelier/core";
import { createLaunch } from "@atelier/jobs";
import { procedure } from "../../trpc";
import { launchRequest, type PlacedStage, type ResolvedRun, resolveLaunch } from "./resolve";
import { repeatedBy, runsUnderWay } from "./under-way";

/**
 * Launches the runs of a request. `repeated` says which of them another launch had under way already: they share its
 * stages, or were left out with `onlyMissing`.
 */
export const create = procedure.input(launchRequest).mutation(async ({ ctx, input }) => {
	const { suite, preset, runs: all, places } = await resolveLaunch(ctx, input);
	const underWay = await runsUnderWay(ctx.db, all);
	const repeated = repeatedBy(underWay);
	const runs = input.onlyMissing ? all.filter((_, place) => underWay[place] === null) : all;
	if (runs.length === 0) {
		const where = repeated.launches.map(({ id }) => id).join(", ");
		throw new AppError(
			"CONFLICT",
			`All ${all.length} runs are under way already, in launch ${where}: nothing is missing.`,
		);
	}
	refuseUnplaced(places, runs);
	const launched = await createLaunch(ctx.db, ctx.queue, {
		suite,
		preset: preset.name,
		request: input,
		priority: input.priority,
		onHost: input.on,
		budgetGpuHours: input.budgetGpuHours,
		createdById: ctx.user.id ?? undefined,
		runs: runs.map(({ dataset, method, variant, setting, seed, config, plan, needs }) => ({
			datasetId: dataset.id,
			method,
			variant,
			setting,
			seed,
			config: withoutResources(config),
			plan,
			needs,
		})),
	});
	return { ...launched, repeated };
});

/** What a run is made with; where it runs is no part of that, and is kept with its stages. */
function withoutResources({ resources: _, ...config }: Preset) {
	return config;
}

/** @throws AppError BAD_REQUEST when a stage of these runs can run nowhere */
function refuseUnplaced(places: ReadonlyMap<string, PlacedStage>, runs: readonly ResolvedRun[]): void {
	const keys = runs.flatMap(({ plan }) => plan.map(({ key }) => key));
	const refusals = new Set(keys.flatMap((key) => places.get(key)?.refusal ?? []));
	if (refusals.size > 0) throw new AppError("BAD_REQUEST", [...refusals].join(" "));
}
