import { AppError } from "@atelier/core";
import { z } from "zod";
import { findDataset } from "../../rows/find-dataset";
import { procedure } from "../../trpc";

/**
 * Forgets a dataset. One with runs is kept unless `withRuns` says that they may go too; the worker removes the files
 * of datasets and stages that no row names any more.
 */
export const remove = procedure
	.input(z.object({ name: z.string(), withRuns: z.boolean().default(false) }))
	.mutation(async ({ ctx, input }) => {
		const dataset = await findDataset(ctx.db, input.name);
		if (dataset.status === "importing") {
			throw new AppError("CONFLICT", `${dataset.name} is being imported: cancel the import first.`);
		}
		const runs = await ctx.db.run.count({ where: { datasetId: dataset.id } });
		if (runs > 0 && !input.withRuns) {
			throw new AppError(
				"CONFLICT",
				`${dataset.name} has ${runs} runs, which would go with it. To remove both, say so (--with-runs).`,
			);
		}
		const live = await ctx.db.run.count({ where: { datasetId: dataset.id, status: { in: ["queued", "running"] } } });
		if (live > 0) throw new AppError("CONFLICT", `${dataset.name} has ${live} unfinished runs: cancel them first.`);
		// Runs on other datasets may stand on stages made here: zero-shot ones, and all that share a pretrained model.
		const others = { run: { datasetId: { not: dataset.id } } };
		await ctx.db.$transaction([
			ctx.db.stage.deleteMany({ where: { datasetId: dataset.id, runs: { none: others } } }),
			ctx.db.dataset.delete({ where: { id: dataset.id } }),
		]);
		return { removed: dataset.name, runs };
	});
