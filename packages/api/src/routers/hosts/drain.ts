import { z } from "zod";
import { findHost } from "../../rows/host-row";
import { procedure } from "../../trpc";

/** Lets what runs on a host go on, and begins nothing more there. On `local`, TypeScript stages still begin. */
export const drain = procedure.input(z.object({ name: z.string() })).mutation(async ({ ctx, input }) => {
	const { name } = await findHost(ctx.db, input.name);
	await ctx.db.host.updateMany({ where: { name }, data: { draining: true } });
	const running = await ctx.db.attempt.count({ where: { host: name, status: "running", handle: { not: null } } });
	return { name, running };
});
