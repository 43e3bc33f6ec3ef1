import { AppError, outsideMethod } from "@atelier/core";
import { retryRuns } from "@atelier/jobs";
import { findRunIds, runIds } from "../../rows/find-runs";
import { procedure } from "../../trpc";

/**
 * Runs failed or cancelled runs again; what had succeeded is kept.
 *
 * @throws AppError CONFLICT, with nothing done, for a run that was imported
 */
export const retry = procedure.input(runIds).mutation(async ({ ctx, input }) => {
	const ids = await findRunIds(ctx.db, input.ids);
	const imported = await ctx.db.run.findFirst({
		where: { id: { in: ids }, method: { startsWith: outsideMethod("") } },
		select: { id: true },
	});
	if (imported !== null) {
		throw new AppError(
			"CONFLICT",
			`Run ${imported.id} was imported, and its method does not run here: there is nothing to run again. Import its file again (npx atelier run import).`,
		);
	}
	return retryRuns(ctx.db, ctx.queue, ids);
});
