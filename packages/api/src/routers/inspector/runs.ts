import type { Prisma } from "@atelier/db";
import { z } from "zod";
import { procedure } from "../../trpc";

/** Runs that are offered: of all methods, and of ours, which may be older than all those. */
const OFFERED = 500;

const select = {
	...{ id: true, method: true, variant: true, setting: true, seed: true, preset: true, createdAt: true },
	dataset: { select: { name: true, synthetic: true, queriesDerived: true } },
} satisfies Prisma.RunSelect;

/** What can be inspected: the newest runs of their cells, and the one that a link names by its id or a beginning of it. */
export const runs = procedure
	.input(z.object({ run: z.string().default("") }).prefault({}))
	.query(async ({ ctx: { db }, input }) => {
		const newest = (where: Prisma.CellWhereInput) =>
			db.cell.findMany({
				where,
				orderBy: [{ createdAt: "desc" }, { runId: "desc" }],
				take: OFFERED,
				select: { run: { select } },
			});
		const [all, ours, named] = await Promise.all([
			newest({}),
			newest({ method: "ours" }),
			/^[0-9a-f][0-9a-f-]*$/i.test(input.run)
				? db.run.findMany({
						where: { id: { startsWith: input.run.toLowerCase() }, status: "succeeded" },
						select,
						take: 2,
					})
				: [],
		]);
		const byId = new Map([...all, ...ours].map(({ run }) => [run.id, run]));
		for (const run of named) byId.set(run.id, run);
		return [...byId.values()]
			.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1))
			.map(({ dataset: { name, ...labels }, ...run }) => ({ ...run, dataset: name, ...labels }));
	});
