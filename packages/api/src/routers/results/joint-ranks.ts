import { z } from "zod";
import { findPair } from "../../rows/compared-pair";
import { procedure } from "../../trpc";

/**
 * How many shoppers have which two ranks: (K + 1)² counts at most, however many shoppers, with 0 for a purchase that is
 * not among the first K.
 */
export const jointRanks = procedure
	.input(z.object({ first: z.string(), other: z.string() }))
	.query(async ({ ctx: { db }, input }) => {
		const { k, joined } = await findPair(db, input.first, input.other);
		const counts = await db.$queryRaw<{ first: number; other: number; shoppers: number }[]>`
			SELECT
				CASE WHEN first_p.rank <= ${k} THEN first_p.rank ELSE 0 END AS first,
				CASE WHEN other_p.rank <= ${k} THEN other_p.rank ELSE 0 END AS other,
				count(*)::int AS shoppers
			FROM ${joined}
			GROUP BY 1, 2
			ORDER BY 1, 2`;
		return { k, counts };
	});
