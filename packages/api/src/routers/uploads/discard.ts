import { AppError, uploadId } from "@atelier/core";
import { neededUploads } from "@atelier/jobs";
import { z } from "zod";
import { procedure } from "../../trpc";

/** Removes what was handed over, where somebody thought better of it. */
export const discard = procedure.input(z.strictObject({ id: uploadId })).mutation(async ({ ctx, input }) => {
	if ((await neededUploads(ctx.db)).has(input.id)) {
		throw new AppError("CONFLICT", "An import reads these files right now. Cancel it first.");
	}
	await ctx.uploads.remove(input.id);
	return { removed: input.id };
});
