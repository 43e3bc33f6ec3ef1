import { fenceAttempts } from "@atelier/jobs";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { procedure } from "../../trpc";

/** Gives up what runs of these runs on hosts that do not answer, so that it is begun again elsewhere or there. */
export const fence = procedure.input(z.object({ ids: z.array(z.string()).min(1) })).mutation(async ({ ctx, input }) => {
	const runs = await Promise.all(input.ids.map((id) => findRun(ctx.db, id, {})));
	return fenceAttempts(
		ctx.db,
		runs.map((run) => run.id),
	);
});
