import { datasetManifest } from "@atelier/core";
import { z } from "zod";
import { toDatasetRow } from "../../rows/dataset-row";
import { findDataset } from "../../rows/find-dataset";
import { procedure } from "../../trpc";

const rejectedOf = z.record(z.string(), z.number()).catch({});
const { summary, warnedByReason } = datasetManifest.shape;
const summaryOf = summary.unwrap().nullable().catch(null);
const warnedOf = warnedByReason.unwrap().catch({});
const sourcesOf = z.array(z.object({ name: z.string(), sizeBytes: z.number(), sha256: z.string() })).catch([]);

export const get = procedure.input(z.object({ name: z.string() })).query(async ({ ctx, input }) => {
	const dataset = await findDataset(ctx.db, input.name);
	return {
		...toDatasetRow(dataset),
		contentHash: dataset.contentHash,
		request: z.record(z.string(), z.unknown()).catch({}).parse(dataset.request),
		rejected: rejectedOf.parse(dataset.rejected),
		/** Rows that were kept although something in them was left out, by what it was. */
		warned: warnedOf.parse(dataset.warned),
		/** First and last time, events a user, what looks odd; null for imports of earlier versions. */
		summary: summaryOf.parse(dataset.summary),
		sources: sourcesOf.parse(dataset.sources),
		runs: await ctx.db.run.count({ where: { datasetId: dataset.id } }),
	};
});
