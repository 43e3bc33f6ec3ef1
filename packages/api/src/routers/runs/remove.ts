import { AppError } from "@atelier/core";
import { findRunIds, runIds } from "../../rows/find-runs";
import { procedure } from "../../trpc";

/**
 * Removes ended runs with their figures and predictions. What their stages made stays in the store, where the next run
 * that needs it finds it; tables take the run before.
 *
 * @throws AppError CONFLICT, with nothing removed, while one of them waits or runs
 */
export const remove = procedure.input(runIds).mutation(async ({ ctx: { db }, input }) => {
	const ids = await findRunIds(db, input.ids);
	return db.$transaction(async (tx) => {
		const live = await tx.$queryRaw<{ id: string }[]>`
			SELECT id FROM run WHERE id = ANY(${ids}) AND (status IN ('queued', 'running') OR repairs) FOR UPDATE`;
		if (live.length > 0) {
			throw new AppError(
				"CONFLICT",
				`${live.length} of these runs wait or run: cancel them first. Nothing was removed.`,
			);
		}
		const launches = await tx.run.groupBy({ by: ["launchId"], where: { id: { in: ids } } });
		const { count } = await tx.run.deleteMany({ where: { id: { in: ids } } });
		// A launch without runs says nothing any more.
		await tx.launch.deleteMany({ where: { id: { in: launches.map(({ launchId }) => launchId) }, runs: { none: {} } } });
		return { removed: count };
	});
});
