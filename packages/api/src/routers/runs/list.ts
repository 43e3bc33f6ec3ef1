import { z } from "zod";
import { findLaunch } from "../../rows/find-launch";
import { runRowInclude, toRunRows } from "../../rows/run-row";
import { procedure } from "../../trpc";

export const list = procedure
	.input(
		z
			.object({
				dataset: z.array(z.string()).optional(),
				method: z.array(z.string()).optional(),
				variant: z.array(z.string()).optional(),
				/** Settings by their beginning: `zero-shot` is every source. */
				setting: z.array(z.string().min(1)).optional(),
				status: z.array(z.enum(["queued", "running", "succeeded", "failed", "cancelled"])).optional(),
				launch: z.string().optional(),
				cursor: z.string().nullish(),
				limit: z.int().min(1).max(500).default(100),
			})
			.default({ limit: 100 }),
	)
	.query(async ({ ctx, input }) => {
		const where = {
			...(input.dataset?.length && {
				dataset: { OR: [{ name: { in: input.dataset } }, { group: { in: input.dataset } }] },
			}),
			...(input.method?.length && { method: { in: input.method } }),
			...(input.variant?.length && { variant: { in: input.variant } }),
			...(input.setting?.length && { OR: input.setting.map((setting) => ({ setting: { startsWith: setting } })) }),
			...(input.status?.length && { status: { in: input.status } }),
			...(input.launch && { launchId: (await findLaunch(ctx.db, input.launch)).id }),
		};
		const [total, runs] = await Promise.all([
			ctx.db.run.count({ where }),
			ctx.db.run.findMany({
				where,
				include: runRowInclude,
				// Ids sort by time, so the order is total and a cursor stays where it was.
				orderBy: [{ createdAt: "desc" }, { id: "desc" }],
				take: input.limit,
				...(input.cursor && { cursor: { id: input.cursor }, skip: 1 }),
			}),
		]);
		return {
			rows: await toRunRows(ctx.db, runs),
			total,
			nextCursor: runs.length === input.limit ? (runs.at(-1)?.id ?? null) : null,
		};
	});
