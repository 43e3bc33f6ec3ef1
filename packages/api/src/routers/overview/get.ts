import { paperLedger } from "@atelier/core";
import { toDatasetRow } from "../../rows/dataset-row";
import { runRowSelect, toRunRows } from "../../rows/run-row";
import { procedure } from "../../trpc";

const RECENT = 8;
const COORDINATES = ["datasetId", "preset", "method", "variant", "setting"] as const;

const toMeasured = <Run>(run: Run) => ({ ...run, isUnderWay: false });
const toOpen = <Run>(run: Run) => ({ ...run, isUnderWay: true });

/** What is running, what is new, and how far the paper's tables and figures are filled. */
export const get = procedure.query(async ({ ctx }) => {
	const [running, recent, datasets, byStatus, measured, open] = await Promise.all([
		ctx.db.run.findMany({
			where: { status: { in: ["queued", "running"] } },
			select: runRowSelect,
			orderBy: [{ status: "desc" }, { createdAt: "asc" }],
			take: 20,
		}),
		ctx.db.run.findMany({
			where: { status: { in: ["succeeded", "failed", "cancelled"] } },
			select: runRowSelect,
			orderBy: { finishedAt: { sort: "desc", nulls: "last" } },
			take: RECENT,
		}),
		ctx.db.dataset.findMany({ orderBy: { createdAt: "desc" } }),
		ctx.db.run.groupBy({ by: ["status"], _count: true }),
		ctx.db.cell.groupBy({ by: [...COORDINATES] }),
		ctx.db.run.groupBy({ by: [...COORDINATES], where: { status: { in: ["queued", "running"] } } }),
	]);
	const rows = datasets.map(toDatasetRow);
	const searched = new Set(rows.filter(({ statistics }) => statistics?.searches).map(({ id }) => id));
	return {
		running: await toRunRows(ctx.db, running),
		recent: await toRunRows(ctx.db, recent),
		datasets: rows,
		ledger: paperLedger(
			[...measured.map(toMeasured), ...open.map(toOpen)].map(({ datasetId, ...run }) => ({
				...run,
				dataset: datasetId,
				hasSearches: searched.has(datasetId),
			})),
		),
		runsByStatus: Object.fromEntries(byStatus.map((row) => [row.status, row._count])),
	};
});
