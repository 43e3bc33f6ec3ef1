import { AppError, hostName, hostSettings } from "@atelier/core";
import { askProbe, sealToken } from "@atelier/jobs";
import { findHost } from "../../rows/host-row";
import { procedure } from "../../trpc";
import { hostInput, refuseWithoutToken } from "./host-input";

const addInput = hostInput
	.partial({ token: true, slots: true, pricePerHour: true, settings: true })
	.extend({ name: hostName });

/** Registers a Ray cluster, once a worker has reached it; one that cannot be used is not kept. */
export const add = procedure.input(addInput).mutation(async ({ ctx, input }) => {
	const { name, address, token, slots, pricePerHour, settings } = input;
	refuseWithoutToken(address, token !== undefined);
	const added = await ctx.db.host.createMany({
		data: {
			name,
			kind: "ray",
			address,
			token: token === undefined ? null : sealToken(token, ctx.secret, name),
			slots,
			pricePerHour,
			settings: settings ?? hostSettings.parse({}),
		},
		skipDuplicates: true,
	});
	if (added.count === 0) {
		throw new AppError("CONFLICT", `There is a host ${name} already: npx atelier host set changes it.`);
	}
	try {
		const problem = await askProbe(ctx.db, ctx.queue, name);
		if (problem !== null)
			throw new AppError("UNAVAILABLE", `Host ${name} cannot be used, and was not added: ${problem}`);
	} catch (error) {
		await ctx.db.host.deleteMany({ where: { name } });
		throw error;
	}
	const host = await findHost(ctx.db, name);
	if (host.slots === null) {
		// One stage a GPU: two that share one are slower than one after the other, and may not fit.
		await ctx.db.host.update({ where: { name }, data: { slots: Math.max(1, host.gpus) } });
	}
	return { name };
});
