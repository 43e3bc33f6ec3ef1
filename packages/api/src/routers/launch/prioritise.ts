import { setLaunchPriority } from "@atelier/jobs";
import { z } from "zod";
import { findLaunch } from "../../rows/find-launch";
import { procedure } from "../../trpc";
import { priority } from "./priority";

/** Changes the priority of a launch. What of it runs already goes on. */
export const prioritise = procedure
	.input(z.object({ launch: z.string(), priority }))
	.mutation(async ({ ctx, input }) => {
		const launch = await findLaunch(ctx.db, input.launch);
		await setLaunchPriority(ctx.db, launch.id, input.priority);
		return { launchId: launch.id, priority: input.priority };
	});
