import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { refuseUnfinished } from "../../rows/inspected-run";
import { procedure } from "../../trpc";

/** Test shoppers of a run with the rank of what they bought; the best ranked, the worst, or by key. */
export const shoppers = procedure
	.input(
		z.object({
			run: z.string(),
			search: z.string().trim().default(""),
			order: z.enum(["user", "best", "worst"]).default("user"),
			limit: z.int().min(1).max(200).default(50),
			/** How many to pass over. */
			cursor: z.int().min(0).nullish(),
		}),
	)
	.query(async ({ ctx, input }) => {
		const run = await findRun(ctx.db, input.run, {});
		refuseUnfinished(run);
		const split = await ctx.db.runStage.findFirstOrThrow({
			where: { runId: run.id, stage: { kind: "split", datasetId: run.datasetId } },
		});
		return ctx.db.$queryRaw<
			{ user: string; rank: number | null; query: string | null; cold: boolean; total: number }[]
		>`
			SELECT e.user_key AS "user", p.rank, e.query, e.cold, count(*) OVER ()::int AS total
			FROM prediction p
			JOIN example e ON e.stage_key = ${split.stageKey} AND e.example_id = p.example_id
			WHERE p.run_id = ${run.id} AND starts_with(e.user_key, ${input.search})
			ORDER BY
				CASE WHEN ${input.order} = 'best' THEN coalesce(p.rank, 2147483647) END ASC,
				CASE WHEN ${input.order} = 'worst' THEN coalesce(p.rank, 2147483647) END DESC,
				e.user_key
			LIMIT ${input.limit} OFFSET ${input.cursor ?? 0}`;
	});
