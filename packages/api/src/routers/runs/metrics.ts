import { z } from "zod";
import { procedure } from "../../trpc";

/** Points a curve at most: past about two thousand the browser's charts crawl. */
const MAX_POINTS = 400;

export interface MetricSeries {
	name: string;
	split: string | null;
	points: { step: number; value: number }[];
}

interface PointRow {
	name: string;
	split: string | null;
	step: number;
	value: number;
}

/**
 * Curves of a stage's last attempt, of long ones evenly spaced points with the first and the last: chosen where the
 * events are, since there may be hundreds of thousands.
 */
export const metrics = procedure.input(z.object({ stageKey: z.string() })).query(async ({ ctx, input }) => {
	const attempt = await ctx.db.attempt.findFirst({ where: { stageKey: input.stageKey }, orderBy: { number: "desc" } });
	if (attempt === null) return [];
	const rows = await ctx.db.$queryRaw<PointRow[]>`
		WITH point AS (
			SELECT seq, payload->>'name' AS name, payload->>'split' AS split, (payload->>'step')::float8 AS step,
				(payload->>'value')::float8 AS value
			FROM stage_event WHERE attempt_id = ${attempt.id} AND type = 'metric'
		), placed AS (
			SELECT *, row_number() OVER (PARTITION BY name, split ORDER BY seq) - 1 AS place,
				count(*) OVER (PARTITION BY name, split) AS total
			FROM point
		)
		SELECT name, split, step, value FROM placed
		WHERE total <= ${MAX_POINTS} OR place = 0 OR
			place * ${MAX_POINTS - 1} / (total - 1) <> (place - 1) * ${MAX_POINTS - 1} / (total - 1)
		ORDER BY seq`;
	const series = new Map<string, MetricSeries>();
	for (const { name, split, step, value } of rows) {
		const key = `${name} ${split}`;
		const one = series.get(key) ?? { name, split, points: [] };
		one.points.push({ step, value });
		series.set(key, one);
	}
	return [...series.values()];
});
