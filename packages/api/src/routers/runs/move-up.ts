import { moveRunsUp } from "@atelier/jobs";
import { findRunIds, runIds } from "../../rows/find-runs";
import { procedure } from "../../trpc";

/** Moves runs that have not ended to the front of the queue, in the order given. */
export const moveUp = procedure.input(runIds).mutation(async ({ ctx, input }) => {
	const ids = await findRunIds(ctx.db, input.ids);
	return moveRunsUp(ctx.db, ids);
});
