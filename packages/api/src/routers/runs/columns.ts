import { flattened } from "@atelier/core";
import { runFilter, whereOf } from "../../found-runs/run-filter";
import { orderedIds } from "../../found-runs/run-order";
import { procedure } from "../../trpc";

/** Runs whose configurations are read: the newest that match. Reading all would take longer than anyone waits. */
const READ = 200;

/** What the runs of a filter can be shown by: their metrics, and their parameters with whether these differ. */
export const columns = procedure.input(runFilter.prefault({})).query(async ({ ctx: { db }, input }) => {
	const { ids } = await orderedIds(db, { where: await whereOf(db, input), after: null, limit: READ });
	const [runs, metrics] = await Promise.all([
		db.run.findMany({ where: { id: { in: ids } }, select: { config: true, preset: true } }),
		db.metric.findMany({
			where: { runId: { in: ids } },
			distinct: ["slice", "name"],
			select: { slice: true, name: true },
			orderBy: [{ slice: "asc" }, { name: "asc" }],
			take: 1_000,
		}),
	]);
	const values = new Map<string, Set<string>>();
	for (const { config } of runs) {
		for (const [path, value] of flattened(config)) {
			values.set(path, (values.get(path) ?? new Set()).add(JSON.stringify(value)));
		}
	}
	const isOfPreset = new Set(["name", "title", "description"]);
	return {
		/** How many runs this was read from. */
		read: runs.length,
		metrics: metrics.map(({ slice, name }) => (slice === "all" ? `metric:${name}` : `metric:${slice}:${name}`)),
		parameters: [...values]
			.filter(([path]) => !isOfPreset.has(path))
			.map(([path, found]) => ({ name: `config:${path}`, path, differs: found.size > 1 }))
			.sort((a, b) => Number(b.differs) - Number(a.differs) || (a.path < b.path ? -1 : 1)),
	};
});
