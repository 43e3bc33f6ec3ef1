import { AppError, isSameProtocol, MOST_COMPARED, protocolOf } from "@atelier/core";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { refuseUnfinished } from "../../rows/inspected-run";
import { viewInput, viewSlice } from "../../rows/slice-view";
import { procedure } from "../../trpc";

const input = z.object({ runs: z.array(z.string()).min(1).max(MOST_COMPARED), ...viewInput.shape });

/**
 * The same as `sliced` of single runs, each by its id, compared with the first: where one gains on another, and on whom.
 */
export const slicedRuns = procedure.input(input).query(async ({ ctx: { db }, input }) => {
	const runs = await Promise.all(input.runs.map((id) => findRun(db, id, {})));
	const [first] = runs;
	if (first === undefined) throw new AppError("BAD_REQUEST", "Name at least one run.");
	const protocol = protocolOf(first);
	for (const run of runs) {
		refuseUnfinished(run);
		if (run.datasetId !== first.datasetId || !isSameProtocol(protocolOf(run), protocol)) {
			const message = `Runs ${first.id} and ${run.id} differ in dataset or protocol, so no slice joins them.`;
			throw new AppError("BAD_REQUEST", message);
		}
	}
	if (new Set(runs.map(({ id }) => id)).size < runs.length) {
		throw new AppError("BAD_REQUEST", "One run is named twice. Name each once.");
	}
	// A run is a method of its own here; its seed is nobody else's business.
	const methods = runs.map(({ id }) => ({ method: id, runs: [{ id, seed: 0 }] }));
	const { methods: shown, ...view } = await viewSlice(db, {
		...input,
		methods,
		reference: first.id,
		k: input.k ?? protocol.k,
	});
	const isShown = (id: string) => shown.some(({ method }) => method === id);
	return {
		...view,
		runs: runs
			.filter(({ id }) => isShown(id))
			.map(({ id, method, variant, setting, seed, preset }) => ({ id, method, variant, setting, seed, preset })),
	};
});
