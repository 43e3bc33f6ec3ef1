import { askProbe } from "@atelier/jobs";
import { z } from "zod";
import { findHost } from "../../rows/host-row";
import { procedure } from "../../trpc";

/** Has a worker ask a host now. @returns why it cannot be used; null where it can */
export const probe = procedure.input(z.object({ name: z.string() })).mutation(async ({ ctx, input }) => {
	const { name } = await findHost(ctx.db, input.name);
	return { name, problem: await askProbe(ctx.db, ctx.queue, name) };
});
