import { datasetPage } from "../../rows/dataset-page";
import { findDataset } from "../../rows/find-dataset";
import { toItem } from "../../rows/item";
import { procedure } from "../../trpc";

/** Items in the order of their ids, found by words of the title or by the source's id. */
export const items = procedure.input(datasetPage).query(async ({ ctx, input }) => {
	const dataset = await findDataset(ctx.db, input.name);
	const words = input.search.split(/\s+/).filter(Boolean);
	const where = {
		datasetId: dataset.id,
		...(words.length > 0 && {
			OR: [
				{ itemKey: input.search },
				{ AND: words.map((word) => ({ title: { contains: word, mode: "insensitive" as const } })) },
			],
		}),
	};
	const [total, rows] = await Promise.all([
		ctx.db.item.count({ where }),
		ctx.db.item.findMany({
			where: { ...where, itemId: { gt: input.cursor ?? 0 } },
			orderBy: { itemId: "asc" },
			take: input.limit,
		}),
	]);
	return {
		rows: rows.map(toItem),
		total,
		nextCursor: rows.length === input.limit ? (rows.at(-1)?.itemId ?? null) : null,
	};
});
