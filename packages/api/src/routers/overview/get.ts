import { toDatasetRow } from "../../rows/dataset-row";
import { runRowInclude, toRunRow } from "../../rows/run-row";
import { procedure } from "../../trpc";

const RECENT = 8;

/** What is running, what is new. */
export const get = procedure.query(async ({ ctx }) => {
	const [running, recent, datasets, byStatus] = await Promise.all([
		ctx.db.run.findMany({
			where: { status: { in: ["queued", "running"] } },
			include: runRowInclude,
			orderBy: [{ status: "desc" }, { createdAt: "asc" }],
			take: 20,
		}),
		ctx.db.run.findMany({
			where: { status: { in: ["succeeded", "failed", "cancelled"] } },
			include: runRowInclude,
			orderBy: { finishedAt: { sort: "desc", nulls: "last" } },
			take: RECENT,
		}),
		ctx.db.dataset.findMany({ orderBy: { createdAt: "desc" } }),
		ctx.db.run.groupBy({ by: ["status"], _count: true }),
	]);
	return {
		running: running.map(toRunRow),
		recent: recent.map(toRunRow),
		datasets: datasets.map(toDatasetRow),
		runsByStatus: Object.fromEntries(byStatus.map((row) => [row.status, row._count])),
	};
});
