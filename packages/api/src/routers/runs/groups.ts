import { METRIC_NAMES } from "@atelier/core";
import { Prisma } from "@atelier/db";
import { z } from "zod";
import { fieldValue, runField } from "../../found-runs/run-field";
import { FROM_RUNS, runFilter, whereOf } from "../../found-runs/run-filter";
import { procedure } from "../../trpc";

/** Past this many groups nobody reads on; a filter makes them fewer. */
const GROUPS = 500;

interface GroupRow {
	key: unknown;
	runs: number;
	succeeded: number;
	seeds: number;
	metrics: unknown;
}

const spread = z.object({ mean: z.number(), deviation: z.number().nullable(), seeds: z.number() });

/**
 * Runs by what they share, each group with its metrics as mean and sample deviation over seeds. A seed that was run
 * several times counts once, by the mean of its runs.
 */
export const groups = procedure
	.input(
		runFilter.extend({
			by: z.array(z.string().max(200)).min(1).max(4),
			metrics: z
				.array(z.string().max(200))
				.max(10)
				.default([...METRIC_NAMES]),
		}),
	)
	.query(async ({ ctx: { db }, input: { by, metrics, ...filter } }) => {
		const where = await whereOf(db, filter);
		const key = Prisma.join(by.map((name) => Prisma.sql`${fieldValue(runField(name))}`));
		const rows = await db.$queryRaw<GroupRow[]>`
			WITH found AS MATERIALIZED (
				SELECT run.id, run.seed, run.status, jsonb_build_array(${key}) AS key FROM ${FROM_RUNS} WHERE ${where}
			), counted AS (
				SELECT key, count(*)::int AS runs, (count(*) FILTER (WHERE status = 'succeeded'))::int AS succeeded,
					(count(DISTINCT seed))::int AS seeds
				FROM found GROUP BY key ORDER BY runs DESC, key LIMIT ${GROUPS + 1}
			), of_seed AS (
				SELECT found.key, metric.name, found.seed, avg(metric.value) AS value
				FROM found JOIN metric ON metric.run_id = found.id AND metric.slice = 'all' AND metric.name = ANY(${metrics})
				WHERE found.status = 'succeeded' GROUP BY 1, 2, 3
			), measured AS (
				SELECT key, name, jsonb_build_object(
					'mean', avg(value), 'deviation', stddev_samp(value), 'seeds', count(*)
				) AS spread FROM of_seed GROUP BY key, name
			)
			SELECT counted.*, coalesce(
				(SELECT jsonb_object_agg(name, spread) FROM measured WHERE measured.key = counted.key), '{}'
			) AS metrics
			FROM counted ORDER BY key`;
		return {
			by,
			groups: rows.slice(0, GROUPS).map(({ key: values, metrics: measured, ...counts }) => ({
				...counts,
				/** In the order of `by`. */
				values: z.array(z.json()).parse(values),
				metrics: z.record(z.string(), spread).parse(measured),
			})),
			/** Whether there are more groups than are shown: those with the most runs are. */
			isMore: rows.length > GROUPS,
		};
	});
