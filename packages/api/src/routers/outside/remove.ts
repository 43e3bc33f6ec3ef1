import { AppError, isOutside, methodTitle } from "@atelier/core";
import type { Database } from "@atelier/db";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { procedure } from "../../trpc";

/**
 * Removes the run of an outside method with its results. Without `confirmed` it is left as it is, and `dependents` says
 * what it is used for.
 */
export const remove = procedure
	.input(z.object({ run: z.string(), confirmed: z.boolean().default(false) }))
	.mutation(async ({ ctx: { db }, input }) => {
		const run = await findRun(db, input.run, { dataset: { select: { name: true } } });
		if (!isOutside(run.method)) {
			throw new AppError(
				"BAD_REQUEST",
				`Run ${run.id} was made here and not imported: this removes imported runs alone.`,
			);
		}
		if (run.status === "queued" || run.status === "running") {
			throw new AppError("CONFLICT", `Run ${run.id} is under way: cancel it first.`);
		}
		const dependents = await dependentsOf(db, run);
		if (!input.confirmed) return { run: run.id, removed: false, dependents };
		// Its launch was made for it alone, and goes with it.
		await db.launch.delete({ where: { id: run.launchId } });
		return { run: run.id, removed: true, dependents };
	});

interface Removable {
	id: string;
	method: string;
	seed: number;
	setting: string;
	dataset: { name: string };
}

async function dependentsOf(db: Database, { id, method, seed, setting, dataset }: Removable): Promise<string[]> {
	const [cells, tests, imports] = await Promise.all([
		db.cell.count({ where: { runId: id } }),
		db.$queryRaw<{ count: number }[]>`
			SELECT count(*)::int AS count FROM contrast WHERE strpos(request::text, ${id}) > 0`,
		db.outsideImport.count({
			where: { status: { in: ["queued", "running"] }, request: { path: ["like"], equals: id } },
		}),
	]);
	const paired = tests[0]?.count ?? 0;
	return [
		...(cells > 0
			? [
					`Tables and figures show it as ${methodTitle(method)} on ${dataset.name}, ${setting}, seed ${seed}; an earlier import takes its place, if there is one.`,
				]
			: []),
		...(paired > 0 ? [`${paired} paired tests were computed with it; they are not shown any more.`] : []),
		...(imports > 0 ? [`${imports} imports under way take its split; they will fail.`] : []),
	];
}
