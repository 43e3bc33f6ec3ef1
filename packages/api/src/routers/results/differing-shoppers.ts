import { Prisma } from "@atelier/db";
import { z } from "zod";
import { findPair } from "../../rows/compared-pair";
import { itemOr, itemsById } from "../../rows/item";
import { procedure } from "../../trpc";

/** Pages past this many shoppers are for an export, not for a reader. */
const FURTHEST = 5_000;

/** What one shopper adds to a metric at cutoff K, of one side. */
const GAINS = {
	recall: (rank: Prisma.Sql, k: number) => Prisma.sql`CASE WHEN ${rank} <= ${k} THEN 1.0 ELSE 0 END`,
	ndcg: (rank: Prisma.Sql, k: number) =>
		Prisma.sql`CASE WHEN ${rank} <= ${k} THEN ln(2.0) / ln(${rank} + 1.0) ELSE 0 END`,
	mrr: (rank: Prisma.Sql, k: number) => Prisma.sql`CASE WHEN ${rank} <= ${k} THEN 1.0 / ${rank} ELSE 0 END`,
};

/** A rank among the first K, or 0 for none. */
const cellRank = z.int().min(0).max(100);

/**
 * Shoppers on whom two runs differ most in a metric, a page at a time, or those of one cell of the ranks; ties go to the
 * larger difference of reciprocal ranks. The database orders and cuts: what comes over is a page.
 */
export const differingShoppers = procedure
	.input(
		z.object({
			first: z.string(),
			other: z.string(),
			metric: z.enum(["recall", "ndcg", "mrr"]).default("ndcg"),
			/** On which run's side: `first` for those whom it serves better. */
			side: z.enum(["either", "first", "other"]).default("either"),
			/** Ranks that a shopper has in both; in place of the order by difference. */
			cell: z.object({ first: cellRank, other: cellRank }).nullish(),
			limit: z.int().min(1).max(100).default(20),
			/** How many to pass over. */
			cursor: z.int().min(0).max(FURTHEST).nullish(),
		}),
	)
	.query(async ({ ctx: { db }, input: { first: a, other: b, metric, side, cell, limit, cursor } }) => {
		const { first, other, k, joined } = await findPair(db, a, b);
		const [firstRank, otherRank] = [Prisma.sql`first_p.rank`, Prisma.sql`other_p.rank`];
		const difference = Prisma.sql`(${GAINS[metric](otherRank, k)}) - (${GAINS[metric](firstRank, k)})`;
		const reciprocal = Prisma.sql`coalesce(1.0 / other_p.rank, 0) - coalesce(1.0 / first_p.rank, 0)`;
		const placed = (rank: Prisma.Sql, place: number) =>
			place === 0 ? Prisma.sql`coalesce(${rank} > ${k}, true)` : Prisma.sql`${rank} = ${place}`;
		const chosen = cell
			? Prisma.sql`${placed(firstRank, cell.first)} AND ${placed(otherRank, cell.other)}`
			: {
					either: Prisma.sql`${difference} <> 0`,
					first: Prisma.sql`${difference} < 0`,
					other: Prisma.sql`${difference} > 0`,
				}[side];
		const rows = await db.$queryRaw<
			{
				user: string;
				query: string | null;
				cold: boolean;
				target: number;
				first: number | null;
				other: number | null;
				difference: number;
			}[]
		>`
			SELECT example.user_key AS "user", example.query, example.cold, worst.target, worst.first, worst.other,
				worst.difference::float8
			FROM (
				SELECT first_p.example_id, first_p.ground_truth AS target, first_p.rank AS first, other_p.rank AS other,
					${difference} AS difference, ${reciprocal} AS reciprocal
				FROM ${joined}
				WHERE ${chosen}
				ORDER BY abs(${difference}) DESC, abs(${reciprocal}) DESC, first_p.example_id
				LIMIT ${limit + 1} OFFSET ${cursor ?? 0}
			) worst
			JOIN example ON example.stage_key = ${first.split} AND example.example_id = worst.example_id
			ORDER BY abs(worst.difference) DESC, abs(worst.reciprocal) DESC, worst.example_id`;
		const shown = rows.slice(0, limit);
		const items = await itemsById(
			db,
			first.datasetId,
			shown.map(({ target }) => target),
		);
		const next = (cursor ?? 0) + limit;
		return {
			first: first.id,
			other: other.id,
			k,
			rows: shown.map(({ target, ...row }) => ({ ...row, target: itemOr(items, target) })),
			nextCursor: rows.length > limit && next <= FURTHEST ? next : null,
		};
	});
