import { AppError } from "@atelier/core";
import { z } from "zod";
import { toDatasetRow } from "../../rows/dataset-row";
import { procedure } from "../../trpc";

/**
 * How an import that `datasets.import` or `datasets.sample` started is going. Its row takes the content's id when it is
 * ready, so a row that is gone by its first id is looked for by name; where the same bytes were there before, it went
 * without a trace and `alreadyImported` says so.
 */
export const importState = procedure
	.input(z.object({ id: z.string(), name: z.string(), startedAt: z.date().optional() }))
	.query(async ({ ctx, input }) => {
		const own = await ctx.db.dataset.findUnique({ where: { id: input.id } });
		const dataset = own ?? (await ctx.db.dataset.findUnique({ where: { name: input.name } }));
		if (dataset === null) throw new AppError("NOT_FOUND", `The import of ${input.name} was removed.`);
		const { status, progress, error } = toDatasetRow(dataset);
		const isEarlier = input.startedAt !== undefined && dataset.createdAt < input.startedAt;
		return { name: input.name, status, progress, error, alreadyImported: own === null && isEarlier };
	});
