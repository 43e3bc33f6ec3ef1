import { AppError } from "@atelier/core";
import { onQueue } from "@atelier/jobs";
import { z } from "zod";
import { findHost, refuseLocal } from "../../rows/host-row";
import { procedure } from "../../trpc";

/** Forgets a host on which nothing runs and that nothing waits for; what was made there stays. */
export const remove = procedure.input(z.object({ name: z.string() })).mutation(async ({ ctx, input }) => {
	const { name } = await findHost(ctx.db, input.name);
	refuseLocal(name, "removed");
	return onQueue(ctx.db, async (tx) => {
		const running = await tx.attempt.count({
			where: { host: name, OR: [{ status: "running" }, { status: "cancelled", finishedAt: null }] },
		});
		if (running > 0) {
			const how = `wait for them (npx atelier host drain ${name}), cancel their runs, or give them up with npx atelier runs fence`;
			throw new AppError("CONFLICT", `On host ${name} ${running} stages run: ${how}.`);
		}
		const waiting = await tx.run.count({
			where: { status: { in: ["queued", "running"] }, launch: { onHost: name } },
		});
		if (waiting > 0) {
			throw new AppError(
				"CONFLICT",
				`${waiting} runs were launched on host ${name} and have not ended: cancel them first.`,
			);
		}
		await tx.host.deleteMany({ where: { name } });
		return { removed: name };
	});
});
