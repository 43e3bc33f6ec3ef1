import { AppError } from "@atelier/core";
import { throughputOf } from "@atelier/jobs";
import { z } from "zod";
import { findHost, hostRows } from "../../rows/host-row";
import { procedure } from "../../trpc";

/** One host, with what each kind of stage took there. */
export const get = procedure.input(z.object({ name: z.string() })).query(async ({ ctx, input }) => {
	const { name } = await findHost(ctx.db, input.name);
	const [rows, throughput] = await Promise.all([hostRows(ctx.db), throughputOf(ctx.db, name)]);
	const row = rows.find((host) => host.name === name);
	if (row === undefined) throw new AppError("NOT_FOUND", `Host ${name} was removed just now.`);
	return { ...row, throughput };
});
