import { retryRuns } from "@atelier/jobs";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { procedure } from "../../trpc";

/** Runs failed or cancelled runs again; what had succeeded is kept. */
export const retry = procedure.input(z.object({ ids: z.array(z.string()).min(1) })).mutation(async ({ ctx, input }) => {
	const runs = await Promise.all(input.ids.map((id) => findRun(ctx.db, id, {})));
	return retryRuns(
		ctx.db,
		ctx.queue,
		runs.map((run) => run.id),
	);
});
