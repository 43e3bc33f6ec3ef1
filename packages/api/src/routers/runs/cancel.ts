import { cancelRuns } from "@atelier/jobs";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { procedure } from "../../trpc";

/** Cancels runs; a stage goes on while another live run needs it. */
export const cancel = procedure
	.input(z.object({ ids: z.array(z.string()).min(1) }))
	.mutation(async ({ ctx, input }) => {
		const runs = await Promise.all(input.ids.map((id) => findRun(ctx.db, id, {})));
		return cancelRuns(
			ctx.db,
			runs.map((run) => run.id),
		);
	});
