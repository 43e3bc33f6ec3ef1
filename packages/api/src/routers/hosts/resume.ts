import { notify } from "@atelier/db";
import { CHANNELS } from "@atelier/jobs";
import { z } from "zod";
import { findHost } from "../../rows/host-row";
import { procedure } from "../../trpc";

/** Takes a drained host back into use. */
export const resume = procedure.input(z.object({ name: z.string() })).mutation(async ({ ctx, input }) => {
	const { name } = await findHost(ctx.db, input.name);
	await ctx.db.host.updateMany({ where: { name }, data: { draining: false } });
	await notify(ctx.db, CHANNELS.queue, "");
	return { name };
});
