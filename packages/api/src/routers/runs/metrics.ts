import { z } from "zod";
import { procedure } from "../../trpc";

/** Points a curve at most: past about two thousand the browser's charts crawl. */
const MAX_POINTS = 400;

const metricRow = z.object({ name: z.string(), value: z.number(), step: z.number(), split: z.string().optional() });

export interface MetricSeries {
	name: string;
	split: string | null;
	points: { step: number; value: number }[];
}

/** Every n-th point, first and last kept. */
function downsample<T>(points: T[]): T[] {
	if (points.length <= MAX_POINTS) return points;
	const stride = (points.length - 1) / (MAX_POINTS - 1);
	return Array.from({ length: MAX_POINTS }, (_, i) => points[Math.round(i * stride)]).filter(
		(p): p is T => p !== undefined,
	);
}

/** Curves of a stage's last attempt. */
export const metrics = procedure.input(z.object({ stageKey: z.string() })).query(async ({ ctx, input }) => {
	const attempt = await ctx.db.attempt.findFirst({ where: { stageKey: input.stageKey }, orderBy: { number: "desc" } });
	if (attempt === null) return [];
	const events = await ctx.db.stageEvent.findMany({
		where: { attemptId: attempt.id, type: "metric" },
		orderBy: { seq: "asc" },
		select: { payload: true },
	});
	const series = new Map<string, MetricSeries>();
	for (const event of events) {
		const { name, value, step, split = null } = metricRow.parse(event.payload);
		const key = `${name} ${split}`;
		const one = series.get(key) ?? { name, split, points: [] };
		one.points.push({ step, value });
		series.set(key, one);
	}
	return [...series.values()].map((one) => ({ ...one, points: downsample(one.points) }));
});
