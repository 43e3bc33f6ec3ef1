import { FIGURES, METRIC_NAMES, outsideAmong } from "@atelier/core";
import { procedure } from "../../trpc";
import { compareRows, NOT_COMPARED } from "./compare-rows";
import {
	comparedInput,
	datasetHead,
	measuredRuns,
	newestBySeed,
	ofOnePreset,
	toCell,
	underOneProtocol,
} from "./measured-runs";
import { isMissing, missingOf } from "./missing-runs";

const { suite, methods } = FIGURES[4];

/**
 * Figure 4: methods × datasets on the test shoppers whose purchase is unseen in training. With `comparisons`, the paired
 * tests of Table 2 on these shoppers, Holm-adjusted over the whole figure.
 */
export const figure4 = procedure.input(comparedInput).query(async ({ ctx, input }) => {
	const measured = await measuredRuns(ctx, input, { variant: "full", setting: "cold-start" });
	const datasets = measured.map(({ dataset, ...all }) => {
		const { preset, runs: ofPreset, open } = ofOnePreset(all);
		const { protocol, runs } = underOneProtocol(ofPreset);
		const cells = [...methods, ...outsideAmong([...runs, ...open].map((run) => run.method))].map((method) => ({
			method,
			...toCell(
				newestBySeed(runs.filter((run) => run.method === method)),
				open.filter((run) => run.method === method),
			),
		}));
		return {
			...datasetHead(dataset),
			protocol,
			preset,
			cells,
			missing: missingOf(suite, [...runs, ...open], {
				dataset: dataset.name,
				methods: cells.filter(isMissing).map(({ method }) => method),
				variants: ["full"],
				settings: ["cold-start"],
			}),
		};
	});
	const tested = input.comparisons ? await compareRows(ctx.db, datasets) : NOT_COMPARED;
	return { metrics: METRIC_NAMES, datasets, ...tested };
});
