import { createLaunch } from "@atelier/jobs";
import { procedure } from "../../trpc";
import { launchRequest, resolveLaunch } from "./resolve";

export const create = procedure.input(launchRequest).mutation(async ({ ctx, input }) => {
	const { suite, preset, runs } = await resolveLaunch(ctx, input);
	return createLaunch(ctx.db, ctx.queue, {
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
});
