import { profileDataset } from "@atelier/data";
import { z } from "zod";
import { findDataset } from "../../rows/find-dataset";
import { datasetFolder } from "../../store/store-of";
import { procedure } from "../../trpc";

/** Statistics beyond the counts, computed from the Parquet files. */
export const profile = procedure.input(z.object({ name: z.string() })).query(async ({ ctx, input }) => {
	const dataset = await findDataset(ctx.db, input.name);
	return profileDataset(await datasetFolder(ctx, dataset));
});
