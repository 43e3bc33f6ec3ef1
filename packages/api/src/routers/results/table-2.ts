import {
	adjustTogether,
	type Contrast,
	METHODS,
	METRIC_NAMES,
	type Method,
	type Protocol,
	paperFigures,
} from "@atelier/core";
import type { Database } from "@atelier/db";
import { z } from "zod";
import { procedure } from "../../trpc";
import {
	datasetHead,
	type MeasuredCell,
	measuredRuns,
	newestBySeed,
	resultsInput,
	toCell,
	underOneProtocol,
} from "./measured-runs";
import { contrastCells } from "./paired-tests";

/** The rows that are tested against every other. */
const TESTED = ["ours", "ours-plus"] as const satisfies Method[];

/**
 * Table 2: methods × datasets from the newest succeeded runs (one for each seed), under the protocol of the newest run
 * of each dataset, with the paper's figures beside the categories that it names. With `comparisons`, paired tests of
 * `ours` and `ours-plus` against every other row, Holm-adjusted over the whole table.
 */
export const table2 = procedure
	.input(resultsInput.extend({ comparisons: z.boolean().default(false) }).prefault({}))
	.query(async ({ ctx, input }) => {
		const measured = await measuredRuns(ctx, input, { variant: "full", setting: "full" });
		const datasets = measured.map(({ dataset, runs: all }) => {
			const { protocol, runs } = underOneProtocol(all);
			const head = datasetHead(dataset);
			return {
				...head,
				protocol,
				cells: METHODS.map(({ id: method }) => ({
					method,
					...toCell(newestBySeed(runs.filter((run) => run.method === method))),
					paper: paperFigures(method, head.paperDataset),
				})),
			};
		});
		const comparisons = input.comparisons ? await compareRows(ctx.db, datasets) : null;
		return { metrics: METRIC_NAMES, datasets, comparisons };
	});

interface Tested {
	name: string;
	protocol: Protocol | null;
	cells: (MeasuredCell & { method: Method })[];
}

async function compareRows(db: Database, datasets: readonly Tested[]) {
	const tests: { dataset: string; method: Method; other: Method; contrast: Contrast }[] = [];
	for (const { name, protocol, cells } of datasets) {
		if (protocol === null) continue;
		for (const [place, method] of TESTED.entries()) {
			const own = cells.find((cell) => cell.method === method)?.runs ?? [];
			for (const { method: other, runs } of cells) {
				if (other === method || TESTED.slice(0, place).some((done) => done === other)) continue;
				const contrast = await contrastCells(db, [own], [runs], protocol.k);
				if (contrast !== null) tests.push({ dataset: name, method, other, contrast });
			}
		}
	}
	return adjustTogether(tests.map(({ contrast }) => contrast)).flatMap((adjusted, i) => {
		const test = tests[i];
		if (test === undefined) return [];
		const { dataset, method, other } = test;
		return [{ dataset, method, other, ...adjusted }];
	});
}
