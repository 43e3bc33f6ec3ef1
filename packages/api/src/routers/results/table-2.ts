import { METRIC_NAMES, methodsInOrder, paperFigures } from "@atelier/core";
import { procedure } from "../../trpc";
import { compareRows, NOT_COMPARED } from "./compare-rows";
import { makingNote } from "./making";
import { comparedInput, datasetHead, measuredRuns, newestBySeed, toCell, underOneProtocol } from "./measured-runs";

/**
 * Table 2: methods × datasets from the newest succeeded runs (one for each seed), under the protocol of the newest run
 * of each dataset, with the paper's figures beside the categories that it names. With `comparisons`, paired tests of
 * `ours` and `ours-plus` against every other row, Holm-adjusted over the whole table; while they are being computed,
 * `computing` says how far that is.
 */
export const table2 = procedure.input(comparedInput).query(async ({ ctx, input }) => {
	const measured = await measuredRuns(ctx, input, { variant: "full", setting: "full" });
	const datasets = measured.map(({ dataset, runs: all, open }) => {
		const { protocol, runs } = underOneProtocol(all);
		const head = datasetHead(dataset);
		return {
			...head,
			protocol,
			cells: methodsInOrder([...runs, ...open].map((run) => run.method)).map((method) => ({
				method,
				...toCell(
					newestBySeed(runs.filter((run) => run.method === method)),
					open.filter((run) => run.method === method),
				),
				paper: paperFigures(method, head.paperDataset),
			})),
		};
	});
	const tested = input.comparisons ? await compareRows(ctx.db, datasets) : NOT_COMPARED;
	const ids = datasets.flatMap(({ cells }) => cells.flatMap(({ runs }) => runs.map(({ id }) => id)));
	/** Where these runs were not made alike, in one sentence. */
	const madeUnlike = await makingNote(ctx.db, ids);
	return { metrics: METRIC_NAMES, datasets, madeUnlike, ...tested };
});
