import { stat } from "node:fs/promises";
import { AppError } from "@atelier/core";
import { readablePath, refuseLinksOut } from "@atelier/data";
import { z } from "zod";
import { procedure } from "../../trpc";

/**
 * Whether what the command line sees at a path can be read by the console at the same path, so that a large file of the
 * same machine need not be copied. Its time tells it from another machine's.
 */
export const isReadable = procedure
	.input(z.strictObject({ path: z.string().max(4_096), modifiedMs: z.number() }))
	.query(async ({ ctx, input }) => {
		try {
			const info = await stat(await readablePath(ctx.readable, input.path));
			if (info.isDirectory()) await refuseLinksOut(ctx.readable, input.path);
			return Math.round(info.mtimeMs) === Math.round(input.modifiedMs);
		} catch (error) {
			if (error instanceof AppError || (error instanceof Error && "code" in error)) return false;
			throw error;
		}
	});
