import { methodTitle, outsideMethod } from "@atelier/core";
import { procedure } from "../../trpc";

/** The outside methods that there are runs of, for filters. */
export const methods = procedure.query(async ({ ctx }) => {
	const found = await ctx.db.run.groupBy({ by: ["method"], where: { method: { startsWith: outsideMethod("") } } });
	return found
		.map(({ method }) => ({ method, title: methodTitle(method) }))
		.sort((a, b) => a.title.localeCompare(b.title, "en"));
});
