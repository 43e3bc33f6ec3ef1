import {
	CLAIM_SOURCES,
	CLAIMS,
	type Claim,
	judge,
	parseSetting,
	type RunSelector,
	type TestedClaim,
} from "@atelier/core";
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
	type WantedCoordinates,
} from "./measured-runs";
import { TestFamily, type Ticket } from "./paired-tests";

const input = resultsInput.extend({ sources: z.array(z.enum(CLAIM_SOURCES)).optional() }).prefault({});

/**
 * The paper's conclusions that order runs, of all tables and figures or of those that are asked for, each judged by what
 * was measured here, with the evidence. While its paired tests are being computed there are none, and `computing` says how
 * far that is.
 */
export const findings = procedure.input(input).query(async ({ ctx, input: { sources, ...wanted } }) => {
	const claims = CLAIMS.filter(({ source }) => sources === undefined || sources.includes(source));
	const datasets = await measuredRuns(ctx, wanted, { OR: claims.flatMap(coordinatesOf) }, { figures: false });
	const family = new TestFamily();
	const asked = claims.map((claim) => ({
		claim,
		tests: datasets.map((dataset) => testsOn(family, claim, dataset)),
	}));
	const { computing, contrastOf } = await family.ask(ctx.db);
	if (computing !== null) return { computing, findings: null };
	const judged = asked.map(({ claim, tests }) => {
		const tested = tests.map((ofDataset) =>
			ofDataset.map(({ ticket, ...test }): TestedClaim => ({ ...test, contrast: contrastOf(ticket) })),
		);
		// A dataset where no run lets a test be made has nothing to say.
		const telling = tested.filter((ofDataset) => ofDataset.some(({ contrast }) => contrast !== null));
		return judge(claim, telling.flat());
	});
	return { computing: null, findings: judged };
});

/** What a claim speaks of: the variants of each setting, whatever the method, since a query by them all is no shorter. */
function coordinatesOf({ tests }: Claim): WantedCoordinates[] {
	const selectors = tests.flatMap(({ plus, minus }) => [...plus, ...minus]);
	const wanted = new Map(selectors.map((one) => [`${one.variant} ${one.setting}`, one]));
	return [...wanted.values()].map(({ variant, setting }) => ({
		variant,
		setting: setting === "zero-shot" ? { startsWith: "zero-shot(" } : setting,
	}));
}

interface AskedTest {
	where: string;
	test: string;
	ticket: Ticket;
}

/** The tests of a claim on one dataset. */
function testsOn(family: TestFamily, { tests }: Claim, { dataset, runs: all }: MeasuredDataset): AskedTest[] {
	const spokenOf = tests.flatMap(({ plus, minus }) => [...plus, ...minus]);
	const relevant = all.filter((run) => {
		const source = sourceOf(run.setting);
		return spokenOf.some((selector) => isSelected(run, selector, source));
	});
	const { runs: ofPreset } = ofOnePreset({ runs: relevant, open: [] });
	const { protocol, runs } = underOneProtocol(ofPreset);
	if (protocol === null) return [];
	return tests.flatMap(({ title, plus, minus }) =>
		sourcesOf(runs, [...plus, ...minus]).map((source): AskedTest => {
			const cellsOf = (selectors: readonly RunSelector[]) =>
				selectors.map((selector) => newestBySeed(runs.filter((run) => isSelected(run, selector, source))));
			const ticket = family.addCells(cellsOf(plus), cellsOf(minus), protocol.k);
			const where = source === null ? dataset.name : `${dataset.name} from ${source}`;
			return { where, test: title, ticket };
		}),
	);
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
