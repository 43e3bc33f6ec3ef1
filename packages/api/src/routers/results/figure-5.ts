import { FIGURES, METRIC_NAMES, outsideAmong, parseSetting } from "@atelier/core";
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

const { suite, methods } = FIGURES[5];

/**
 * Figure 5: for each dataset tested and each dataset trained on, the methods that carry over. With `comparisons`, the
 * paired tests of Table 2 for each pair, Holm-adjusted over the whole figure.
 */
export const figure5 = procedure.input(comparedInput).query(async ({ ctx, input }) => {
	const measured = await measuredRuns(ctx, input, { variant: "full", setting: { startsWith: "zero-shot(" } });
	const pairs = measured.flatMap(({ dataset, runs: ofDataset, open: openOfDataset }) =>
		[...new Set([...ofDataset, ...openOfDataset].map(({ setting }) => setting))].sort().map((setting) => {
			const parsed = parseSetting(setting);
			const isOfIt = (run: { setting: string }) => run.setting === setting;
			const all = { runs: ofDataset.filter(isOfIt), open: openOfDataset.filter(isOfIt) };
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
				/** Name of the dataset that the models were trained on. */
				source: parsed.kind === "zero-shot" ? parsed.source : setting,
				setting,
				protocol,
				preset,
				cells,
				missing: missingOf(suite, [...runs, ...open], {
					dataset: dataset.name,
					methods: cells.filter(isMissing).map(({ method }) => method),
					variants: ["full"],
					settings: [setting],
				}),
			};
		}),
	);
	const parts = pairs.map((pair) => ({ ...pair, name: `${pair.name} from ${pair.source}` }));
	const tested = input.comparisons ? await compareRows(ctx.db, parts) : NOT_COMPARED;
	return { metrics: METRIC_NAMES, pairs, ...tested };
});
