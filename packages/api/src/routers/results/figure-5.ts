import { FIGURES, METRIC_NAMES, parseSetting } from "@atelier/core";
import { procedure } from "../../trpc";
import {
	datasetHead,
	measuredRuns,
	newestBySeed,
	ofOnePreset,
	resultsInput,
	toCell,
	underOneProtocol,
} from "./measured-runs";
import { missingOf } from "./missing-runs";

const { suite, methods } = FIGURES[5];

/** Figure 5: for each dataset tested and each dataset trained on, the methods that carry over. */
export const figure5 = procedure.input(resultsInput.prefault({})).query(async ({ ctx, input }) => {
	const measured = await measuredRuns(ctx, input, { variant: "full", setting: { startsWith: "zero-shot(" } });
	return {
		metrics: METRIC_NAMES,
		pairs: measured.flatMap(({ dataset, runs: ofDataset }) =>
			[...new Set(ofDataset.map(({ setting }) => setting))].sort().map((setting) => {
				const parsed = parseSetting(setting);
				const { preset, runs: ofPreset } = ofOnePreset(ofDataset.filter((run) => run.setting === setting));
				const { protocol, runs } = underOneProtocol(ofPreset);
				const cells = methods.map((method) => ({
					method,
					...toCell(newestBySeed(runs.filter((run) => run.method === method))),
				}));
				return {
					...datasetHead(dataset),
					/** Name of the dataset that the models were trained on. */
					source: parsed.kind === "zero-shot" ? parsed.source : setting,
					setting,
					protocol,
					preset,
					cells,
					missing: missingOf(suite, runs, {
						dataset: dataset.name,
						methods: cells.filter(({ runs }) => runs.length === 0).map(({ method }) => method),
						variants: ["full"],
						settings: [setting],
					}),
				};
			}),
		),
	};
});
