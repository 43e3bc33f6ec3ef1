import { retryRuns } from "@atelier/jobs";
import { findRunIds, runIds } from "../../rows/find-runs";
import { procedure } from "../../trpc";

/** Runs failed or cancelled runs again; what had succeeded is kept. */
export const retry = procedure.input(runIds).mutation(async ({ ctx, input }) => {
	const ids = await findRunIds(ctx.db, input.ids);
	return retryRuns(ctx.db, ctx.queue, ids);
});
