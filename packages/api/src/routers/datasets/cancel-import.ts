import { AppError } from "@atelier/core";
import { cancelImport as cancel } from "@atelier/jobs";
import { z } from "zod";
import { findDataset } from "../../rows/find-dataset";
import { procedure } from "../../trpc";

export const cancelImport = procedure.input(z.object({ name: z.string() })).mutation(async ({ ctx, input }) => {
	const dataset = await findDataset(ctx.db, input.name);
	if (dataset.status !== "importing") throw new AppError("CONFLICT", `${dataset.name} is not being imported.`);
	await cancel(ctx.db, dataset.id);
	return { name: dataset.name };
});
