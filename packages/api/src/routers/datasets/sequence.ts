import { AppError } from "@atelier/core";
import { z } from "zod";
import { findDataset } from "../../rows/find-dataset";
import { sequenceOf } from "../../rows/sequence";
import { procedure } from "../../trpc";

/** One shopper's whole sequence, oldest first, with the items' attributes. */
export const sequence = procedure
	.input(z.object({ name: z.string(), user: z.string() }))
	.query(async ({ ctx, input }) => {
		const dataset = await findDataset(ctx.db, input.name);
		const events = await sequenceOf(ctx.db, dataset.id, input.user);
		if (events.length === 0) throw new AppError("NOT_FOUND", `No shopper "${input.user}" in ${dataset.name}.`);
		return { user: input.user, events };
	});
