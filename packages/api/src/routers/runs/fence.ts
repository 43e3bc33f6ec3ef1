import { fenceAttempts } from "@atelier/jobs";
import { findRunIds, runIds } from "../../rows/find-runs";
import { procedure } from "../../trpc";

/** Gives up what runs of these runs on hosts that do not answer, so that it is begun again elsewhere or there. */
export const fence = procedure.input(runIds).mutation(async ({ ctx, input }) => {
	const ids = await findRunIds(ctx.db, input.ids);
	return fenceAttempts(ctx.db, ids);
});
