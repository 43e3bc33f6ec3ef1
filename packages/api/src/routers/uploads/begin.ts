import { uploadFile } from "@atelier/core";
import { neededUploads } from "@atelier/jobs";
import { z } from "zod";
import { procedure } from "../../trpc";

/**
 * Begins to hand files over, or goes on with an earlier try: says which pieces are there, by their hashes. Each piece is
 * then put to `/api/uploads/ID/FILE/PIECE`, and `datasets.import` takes the upload's id.
 */
export const begin = procedure
	.input(
		z.strictObject({
			files: z.array(uploadFile).min(1).max(1_000),
			/** Tells files of the same names and sizes apart; any text that changes when one of them does. */
			fingerprint: z.string().max(200),
		}),
	)
	.mutation(async ({ ctx, input }) => {
		await ctx.uploads.sweep(await neededUploads(ctx.db));
		return ctx.uploads.begin(input.files, input.fingerprint);
	});
