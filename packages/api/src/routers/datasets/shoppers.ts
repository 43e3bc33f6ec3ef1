import { datasetPage } from "../../rows/dataset-page";
import { findDataset } from "../../rows/find-dataset";
import { procedure } from "../../trpc";

/** Shoppers with what they did, by user id; found by the beginning of their key. */
export const shoppers = procedure.input(datasetPage).query(async ({ ctx, input }) => {
	const dataset = await findDataset(ctx.db, input.name);
	const rows = await ctx.db.$queryRaw<
		{ userId: number; userKey: string; searches: number; clicks: number; purchases: number; lastAt: Date | null }[]
	>`SELECT user_id AS "userId", min(user_key) AS "userKey",
		         count(*) FILTER (WHERE action = 'search')::int AS searches,
		         count(*) FILTER (WHERE action = 'click')::int AS clicks,
		         count(*) FILTER (WHERE action = 'purchase')::int AS purchases,
		         max(at) AS "lastAt"
		  FROM interaction
		  WHERE dataset_id = ${dataset.id} AND user_id > ${input.cursor ?? -1} AND starts_with(user_key, ${input.search})
		  GROUP BY user_id ORDER BY user_id LIMIT ${input.limit}`;
	return { rows, nextCursor: rows.length === input.limit ? (rows.at(-1)?.userId ?? null) : null };
});
