import { moveRunsUp } from "@atelier/jobs";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { procedure } from "../../trpc";

/** Moves runs that have not ended to the front of the queue, in the order given. */
export const moveUp = procedure
	.input(z.object({ ids: z.array(z.string()).min(1) }))
	.mutation(async ({ ctx, input }) => {
		const runs = await Promise.all(input.ids.map((id) => findRun(ctx.db, id, {})));
		return moveRunsUp(
			ctx.db,
			runs.map((run) => run.id),
		);
	});
