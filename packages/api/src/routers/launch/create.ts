import { AppError } from "@atelier/core";
import { createLaunch } from "@atelier/jobs";
import { procedure } from "../../trpc";
import { launchRequest, resolveLaunch } from "./resolve";
import { repeatedBy, runsUnderWay } from "./under-way";

/**
 * Launches the runs of a request. `repeated` says which of them another launch had under way already: they share its
 * stages, or were left out with `onlyMissing`.
 */
export const create = procedure.input(launchRequest).mutation(async ({ ctx, input }) => {
	const { suite, preset, runs: all } = await resolveLaunch(ctx, input);
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
	const launched = await createLaunch(ctx.db, ctx.queue, {
		suite,
		preset: preset.name,
		request: input,
		priority: input.priority,
		createdById: ctx.user.id ?? undefined,
		runs: runs.map(({ dataset, method, variant, setting, seed, config, plan }) => ({
			datasetId: dataset.id,
			method,
			variant,
			setting,
			seed,
			config,
			plan,
		})),
	});
	return { ...launched, repeated };
});
