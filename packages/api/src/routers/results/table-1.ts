import { PAPER_DATASETS, paperDatasetOf } from "@atelier/core";
import { z } from "zod";
import { toDatasetRow } from "../../rows/dataset-row";
import { findReadyDatasets } from "../../rows/find-dataset";
import { procedure } from "../../trpc";

/** Table 1 of the paper for the imported datasets, the paper's own columns beside each category that it names. */
export const table1 = procedure
	.input(z.object({ datasets: z.array(z.string()).optional() }).default({}))
	.query(async ({ ctx, input }) => {
		const datasets = input.datasets?.length
			? await findReadyDatasets(ctx.db, input.datasets)
			: await ctx.db.dataset.findMany({ where: { status: "ready" }, orderBy: [{ createdAt: "asc" }, { name: "asc" }] });
		return datasets.map((dataset) => {
			const row = toDatasetRow(dataset);
			const category = paperDatasetOf(row.name);
			return {
				dataset: row.name,
				synthetic: row.synthetic,
				queriesDerived: row.queriesDerived,
				statistics: row.statistics,
				paper: PAPER_DATASETS.find(({ id }) => id === category) ?? null,
			};
		});
	});
