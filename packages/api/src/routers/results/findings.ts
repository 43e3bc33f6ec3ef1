import {
	CLAIM_SOURCES,
	CLAIMS,
	type Claim,
	type Contrast,
	judge,
	parseSetting,
	type RunSelector,
	type TestedClaim,
} from "@atelier/core";
import type { Database } from "@atelier/db";
import { z } from "zod";
import { procedure } from "../../trpc";
import {
	type MeasuredDataset,
	type MeasuredRun,
	measuredRuns,
	newestBySeed,
	ofOnePreset,
	resultsInput,
	underOneProtocol,
} from "./measured-runs";
import { contrastCells } from "./paired-tests";

const input = resultsInput.extend({ sources: z.array(z.enum(CLAIM_SOURCES)).optional() }).prefault({});

/**
 * The paper's conclusions that order runs, of all tables and figures or of those that are asked for, each judged by what
 * was measured here, with the evidence.
 */
export const findings = procedure.input(input).query(async ({ ctx, input: { sources, ...wanted } }) => {
	const datasets = await measuredRuns(ctx, wanted, {});
	const judged = [];
	for (const claim of CLAIMS) {
		if (sources !== undefined && !sources.includes(claim.source)) continue;
		const tested: TestedClaim[] = [];
		for (const dataset of datasets) tested.push(...(await testOn(ctx.db, claim, dataset)));
		judged.push(judge(claim, tested));
	}
	return { findings: judged };
});

/** The tests of a claim on one dataset; none where no run lets one of them be made. */
async function testOn(db: Database, { tests }: Claim, { dataset, runs: all }: MeasuredDataset): Promise<TestedClaim[]> {
	const spokenOf = tests.flatMap(({ plus, minus }) => [...plus, ...minus]);
	const relevant = all.filter((run) => spokenOf.some((selector) => isSelected(run, selector, sourceOf(run.setting))));
	const { runs: ofPreset } = ofOnePreset(relevant);
	const { protocol, runs } = underOneProtocol(ofPreset);
	if (protocol === null) return [];
	const tested: TestedClaim[] = [];
	for (const { title, plus, minus } of tests) {
		for (const source of sourcesOf(runs, [...plus, ...minus])) {
			const cellsOf = (selectors: readonly RunSelector[]) =>
				selectors.map((selector) => newestBySeed(runs.filter((run) => isSelected(run, selector, source))));
			const [above, below] = [cellsOf(plus), cellsOf(minus)];
			const contrast: Contrast | null = await contrastCells(db, above, below, protocol.k);
			const where = source === null ? dataset.name : `${dataset.name} from ${source}`;
			tested.push({ where, test: title, contrast });
		}
	}
	return tested.some(({ contrast }) => contrast !== null) ? tested : [];
}

/** The sources that zero-shot runs of this dataset were trained on; a claim of another setting is asked once. */
function sourcesOf(runs: readonly MeasuredRun[], selectors: readonly RunSelector[]): (string | null)[] {
	if (!selectors.some(({ setting }) => setting === "zero-shot")) return [null];
	return [...new Set(runs.flatMap((run) => sourceOf(run.setting) ?? []))].sort();
}

function sourceOf(settingName: string): string | null {
	const setting = parseSetting(settingName);
	return setting.kind === "zero-shot" ? setting.source : null;
}

function isSelected(run: MeasuredRun, { method, variant, setting }: RunSelector, source: string | null): boolean {
	const wanted = setting === "zero-shot" ? `zero-shot(${source})` : setting;
	return run.method === method && run.variant === variant && run.setting === wanted;
}
