import { attributesOf, parseSlice, printSlice, SliceError } from "@atelier/core";
import { z } from "zod";
import { findDataset } from "../../rows/find-dataset";
import { sliceTextOf } from "../../rows/named-slice";
import { sliceOffer } from "../../rows/slice-columns";
import { procedure } from "../../trpc";

const input = z.object({ dataset: z.string(), text: z.string() });

/** Whether a slice can be read, and is about what the data set has; else what is wrong where, and what would do. */
export const check = procedure.input(input).query(async ({ ctx: { db }, input: { dataset: name, text } }) => {
	const dataset = await findDataset(db, name);
	try {
		const asText = await sliceTextOf(db, text);
		const slice = parseSlice(asText);
		const stages = await db.stage.findMany({
			where: { datasetId: dataset.id, columns: { some: {} } },
			orderBy: { finishedAt: "desc" },
			select: { key: true },
			take: 20,
		});
		const offer = await sliceOffer(
			db,
			stages.map(({ key }) => key),
			attributesOf(slice),
		);
		return { canonical: printSlice(parseSlice(asText, offer ?? undefined)), problem: null };
	} catch (error) {
		if (error instanceof SliceError) return { canonical: null, problem: error.problem };
		throw error;
	}
});
