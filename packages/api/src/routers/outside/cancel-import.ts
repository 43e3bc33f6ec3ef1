import { AppError } from "@atelier/core";
import { cancelOutsideImport } from "@atelier/jobs";
import { z } from "zod";
import { procedure } from "../../trpc";

export const cancelImport = procedure.input(z.object({ id: z.string() })).mutation(async ({ ctx, input }) => {
	const { cancelled } = await cancelOutsideImport(ctx.db, input.id);
	if (!cancelled) throw new AppError("CONFLICT", "That import has ended. Its run, if there is one, can be removed.");
	return { id: input.id };
});
