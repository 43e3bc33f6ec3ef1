import { toDatasetRow } from "../../rows/dataset-row";
import { procedure } from "../../trpc";

export const list = procedure.query(async ({ ctx }) => {
	const datasets = await ctx.db.dataset.findMany({ orderBy: [{ createdAt: "desc" }, { name: "asc" }] });
	return datasets.map(toDatasetRow);
});
