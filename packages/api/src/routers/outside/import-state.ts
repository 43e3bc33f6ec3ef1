import { AppError, outsideReport } from "@atelier/core";
import { z } from "zod";
import { storedProgress } from "../../rows/progress";
import { procedure } from "../../trpc";

const storedReport = outsideReport.nullable().catch(null);

/** How an import of ranks is going, and what was found in its file. */
export const importState = procedure.input(z.object({ id: z.string() })).query(async ({ ctx, input }) => {
	const found = await ctx.db.outsideImport.findUnique({ where: { id: input.id } });
	if (found === null)
		throw new AppError("NOT_FOUND", "That import is forgotten: it was finished more than a week ago.");
	const { id, method, status, error, runId, wasThere } = found;
	return {
		...{ id, method, status, error, runId, wasThere },
		progress: storedProgress.parse(found.progress),
		report: storedReport.parse(found.report),
	};
});
