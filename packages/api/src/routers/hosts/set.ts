import { AppError, LOCAL_HOST } from "@atelier/core";
import { notify } from "@atelier/db";
import { CHANNELS, sealToken } from "@atelier/jobs";
import { z } from "zod";
import { findHost } from "../../rows/host-row";
import { procedure } from "../../trpc";
import { hostInput, refuseWithoutToken } from "./host-input";

const setInput = hostInput.partial().extend({ name: z.string() });

/** Changes what is said of a host; what runs there goes on. */
export const set = procedure.input(setInput).mutation(async ({ ctx, input }) => {
	const { name, token, ...changes } = input;
	const host = await findHost(ctx.db, name);
	if (name === LOCAL_HOST && (token !== undefined || changes.address !== undefined || changes.settings !== undefined)) {
		throw new AppError(
			"BAD_REQUEST",
			"Host local has slots and a price; address, token and settings are other hosts'.",
		);
	}
	const address = changes.address ?? host.address;
	if (address !== null) refuseWithoutToken(address, token !== undefined || host.token !== null);
	const sealed = token === undefined ? {} : { token: sealToken(token, ctx.secret, name) };
	await ctx.db.host.updateMany({ where: { name }, data: { ...changes, ...sealed } });
	await notify(ctx.db, CHANNELS.queue, "");
	return { name };
});
