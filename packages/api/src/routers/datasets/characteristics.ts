import { z } from "zod";
import { findDataset } from "../../rows/find-dataset";
import { characteristicsOf } from "../../store/dataset-characteristics";
import { procedure } from "../../trpc";

/** The paper's characteristics C1 to C4 of one dataset; a part that the log cannot give says why. */
export const characteristics = procedure.input(z.object({ name: z.string() })).query(async ({ ctx, input }) => {
	const dataset = await findDataset(ctx.db, input.name);
	const measured = await characteristicsOf(ctx, dataset);
	return { name: dataset.name, synthetic: dataset.synthetic, queriesDerived: dataset.queriesDerived, ...measured };
});
