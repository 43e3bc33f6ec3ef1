import { z } from "zod";
import { runFilter, whereOf } from "../../found-runs/run-filter";
import { orderedIds, runSort } from "../../found-runs/run-order";
import { AT_ONCE } from "../../rows/find-runs";
import { procedure } from "../../trpc";

/** The first runs that match, by id and status: what "all that match" selects. */
export const ids = procedure
	.input(runFilter.extend({ sort: runSort.nullish(), limit: z.int().min(1).max(AT_ONCE).default(AT_ONCE) }))
	.query(async ({ ctx: { db }, input: { sort, limit, ...filter } }) => {
		const found = await orderedIds(db, { where: await whereOf(db, filter), sort, after: null, limit });
		const runs = await db.run.findMany({ where: { id: { in: found.ids } }, select: { id: true, status: true } });
		return { runs, isMore: found.nextCursor !== null };
	});
