import { z } from "zod";
import { findPair } from "../../rows/compared-pair";
import { procedure } from "../../trpc";

/** Shoppers whose lists are looked at: enough for a mean to within a few hundredths, few enough to read at once. */
const SAMPLE = 1_000;

/**
 * How alike the first K of two runs' lists are, whatever was bought: items that both show, the same first item, the same
 * list. Over every n-th shopper where there are more than a thousand.
 */
export const listOverlap = procedure
	.input(z.object({ first: z.string(), other: z.string() }))
	.query(async ({ ctx: { db }, input }) => {
		const { first, k, joined } = await findPair(db, input.first, input.other);
		const total = await db.metric.findFirst({ where: { runId: first.id, slice: "all" }, select: { count: true } });
		const shoppers = total?.count ?? 0;
		const every = Math.max(1, Math.ceil(shoppers / SAMPLE));
		const [found] = await db.$queryRaw<
			{ sampled: number; shared: number | null; sameFirst: number | null; sameList: number | null }[]
		>`
			SELECT count(*)::int AS sampled, avg(shared)::float8 AS shared, avg(same_first::int)::float8 AS "sameFirst",
				avg(same_list::int)::float8 AS "sameList"
			FROM (
				SELECT
					(SELECT count(DISTINCT item) FROM unnest(first_p.items[1:${k}]) item WHERE item = ANY (other_p.items[1:${k}])) AS shared,
					first_p.items[1] = other_p.items[1] AS same_first,
					first_p.items[1:${k}] = other_p.items[1:${k}] AS same_list
				FROM ${joined}
				WHERE first_p.example_id % ${every} = 0
			) beside`;
		return {
			k,
			shoppers,
			sampled: found?.sampled ?? 0,
			/** Items of the first K that both lists have, on average. */
			shared: found?.shared ?? 0,
			/** Shares of shoppers. */
			sameFirst: found?.sameFirst ?? 0,
			sameList: found?.sameList ?? 0,
		};
	});
