import { procedure } from "../../trpc";

/** A short text that is another one once a run was added, removed, marked or went on: what lists poll, in place of themselves. */
export const revision = procedure.query(async ({ ctx: { db } }) => {
	const [row] = await db.$queryRaw<{ revision: string; live: number }[]>`
		SELECT concat_ws(' ', string_agg(status::text || count, ' ' ORDER BY status), sum(count),
				(SELECT max(finished_at) FROM run), (SELECT max(created_at) FROM run),
				(SELECT max(id) FROM stage_event)) AS revision,
			coalesce(sum(count) FILTER (WHERE status IN ('queued', 'running')), 0)::int AS live
		FROM (SELECT status, count(*) FROM run GROUP BY status) AS by_status`;
	return { revision: row?.revision ?? "", isLive: (row?.live ?? 0) > 0 };
});
