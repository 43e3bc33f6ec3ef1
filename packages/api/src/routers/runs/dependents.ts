import { methodTitle } from "@atelier/core";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { procedure } from "../../trpc";

/** What a run is used for, in sentences: what a person should know before it is removed. */
export const dependents = procedure.input(z.object({ id: z.string() })).query(async ({ ctx: { db }, input }) => {
	const run = await findRun(db, input.id, { dataset: { select: { name: true } } });
	const [cells, tests, imports] = await Promise.all([
		db.cell.count({ where: { runId: run.id } }),
		db.$queryRaw<{ count: number }[]>`
			SELECT count(*)::int AS count FROM contrast WHERE strpos(request::text, ${run.id}) > 0`,
		db.outsideImport.count({
			where: { status: { in: ["queued", "running"] }, request: { path: ["like"], equals: run.id } },
		}),
	]);
	const paired = tests[0]?.count ?? 0;
	const what = `${methodTitle(run.method)} on ${run.dataset.name}, ${run.setting}, seed ${run.seed}`;
	return {
		id: run.id,
		status: run.status,
		sentences: [
			...(cells > 0 ? [`Tables and figures show it as ${what}; the run before takes its place, if there is one.`] : []),
			...(paired > 0 ? [`Paired tests that were computed with it: ${paired}. They are not shown any more.`] : []),
			...(imports > 0 ? [`Imports under way that share its split: ${imports}. They will fail.`] : []),
		],
	};
});
