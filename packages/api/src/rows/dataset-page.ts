import { z } from "zod";

/** What a page of a dataset's rows is asked for with; `cursor` is the last page's `nextCursor`. */
export const datasetPage = z.object({
	name: z.string(),
	search: z.string().trim().default(""),
	cursor: z.int().nullish(),
	limit: z.int().min(1).max(200).default(50),
});
