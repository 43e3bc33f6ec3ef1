import { z } from "zod";
import { procedure } from "../../trpc";

/** Log lines and warnings of a stage, all attempts, oldest first; `after` is the last id already shown. */
export const logs = procedure
	.input(
		z.object({
			stageKey: z.string(),
			after: z.string().regex(/^\d+$/).default("0"),
			limit: z.int().min(1).max(2_000).default(500),
		}),
	)
	.query(async ({ ctx, input }) => {
		const rows = await ctx.db.stageEvent.findMany({
			where: { stageKey: input.stageKey, id: { gt: BigInt(input.after) }, type: { in: ["log", "warning"] } },
			orderBy: { id: "asc" },
			take: input.limit,
			include: { attempt: { select: { number: true } } },
		});
		return rows.map((row) => {
			const payload = z.object({ level: z.string().default("warning"), message: z.string() }).parse(row.payload);
			return { id: String(row.id), attempt: row.attempt.number, at: row.at, ...payload };
		});
	});
