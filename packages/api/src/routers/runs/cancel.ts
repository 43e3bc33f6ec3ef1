import { cancelRuns } from "@atelier/jobs";
import { findRunIds, runIds } from "../../rows/find-runs";
import { procedure } from "../../trpc";

/** Cancels runs; a stage goes on while another live run needs it. */
export const cancel = procedure.input(runIds).mutation(async ({ ctx, input }) => {
	const ids = await findRunIds(ctx.db, input.ids);
	return cancelRuns(ctx.db, ids);
});
