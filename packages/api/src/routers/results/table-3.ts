import {
	adjustTogether,
	FULL_VARIANT,
	METRIC_NAMES,
	PAPER_TABLE_3,
	PAPER_TABLE_3_DATASET,
	parseVariant,
	TABLE_3_VARIANTS,
	variantTitle,
} from "@atelier/core";
import type { Database } from "@atelier/db";
import { z } from "zod";
import { procedure } from "../../trpc";
import { makingNote } from "./making";
import {
	datasetHead,
	type MeasuredDataset,
	measuredRuns,
	newestBySeed,
	ofOnePreset,
	resultsInput,
	toCell,
	underOneProtocol,
} from "./measured-runs";
import { isMissing, missingOf } from "./missing-runs";
import { TestFamily } from "./paired-tests";

/**
 * Table 3: variants of the framework on each dataset, all of one preset and protocol, each with its paired difference to
 * the full method of the same seeds; p values are Holm-adjusted over the whole table.
 */
export const table3 = procedure.input(resultsInput.prefault({})).query(async ({ ctx, input }) => {
	// A search over hyperparameters names its runs by their values: those are no ablations.
	const ablations = { method: "ours", setting: "full", NOT: { variant: { contains: "=" } } };
	const measured = await measuredRuns(ctx, input, ablations);
	const family = new TestFamily();
	const datasets = measured.map((one) => variantsOf(family, one));
	const { computing, contrastOf } = await family.ask(ctx.db);
	const tickets = datasets.flatMap(({ rows }) => rows.map(({ ticket }) => ticket));
	const contrasts = tickets.flatMap((ticket) => contrastOf(ticket) ?? []);
	const adjusted = new Map(adjustTogether(contrasts).map((one, i) => [contrasts[i], one]));
	const encoders = await genericEncoders(
		ctx.db,
		datasets.flatMap(({ newest }) => newest ?? []),
	);
	return {
		metrics: METRIC_NAMES,
		/** Where these runs were not made alike, in one sentence. */
		madeUnlike: await makingNote(
			ctx.db,
			datasets.flatMap(({ rows }) => rows.flatMap(({ runs }) => runs.map(({ id }) => id))),
		),
		/** How many of the paired tests are there, while they are being computed: no row has a difference until then. */
		computing,
		/** Tests in the family of the adjusted p values. */
		tests: contrasts.length * METRIC_NAMES.length,
		datasets: datasets.map(({ rows, newest, ...dataset }) => ({
			...dataset,
			genericTextEncoder: (newest && encoders.get(newest)) ?? null,
			rows: rows.map(({ ticket, ...row }) => {
				const contrast = contrastOf(ticket);
				/** Variant minus full method; null for the full method itself and where one of them was not measured. */
				const difference = (contrast && adjusted.get(contrast)) ?? null;
				return { ...row, difference };
			}),
		})),
	};
});

function variantsOf(family: TestFamily, { dataset, ...all }: MeasuredDataset) {
	const { preset, runs: ofPreset, open } = ofOnePreset(all);
	const { protocol, runs } = underOneProtocol(ofPreset);
	const head = datasetHead(dataset);
	const ofVariant = (variant: string) => newestBySeed(runs.filter((run) => run.variant === variant));
	const paperNames: string[] = TABLE_3_VARIANTS.map(({ id }) => id);
	const others = [...new Set([...runs, ...open].map(({ variant }) => variant))]
		.filter((name) => !paperNames.includes(name))
		.sort();
	const full = ofVariant(FULL_VARIANT);
	const rows = [];
	for (const variant of [...paperNames, ...others]) {
		const own = ofVariant(variant);
		const ticket = variant === FULL_VARIANT || protocol === null ? null : family.addCells([own], [full], protocol.k);
		rows.push({
			variant,
			title: variantTitle(variant),
			switches: parseVariant(variant),
			/** Whether the paper's Table 3 has this row. */
			inPaper: paperNames.includes(variant),
			...toCell(
				own,
				open.filter((run) => run.variant === variant),
			),
			ticket,
			paper: head.paperDataset === PAPER_TABLE_3_DATASET ? (PAPER_TABLE_3[variant] ?? null) : null,
		});
	}
	return {
		...head,
		protocol,
		preset,
		newest: runs[0]?.id,
		rows,
		missing: missingOf("table3", [...runs, ...open], {
			dataset: dataset.name,
			methods: ["ours"],
			variants: rows.filter(isMissing).map(({ variant }) => variant),
			settings: ["full"],
		}),
	};
}

const presetNames = z.object({ genericTextEncoder: z.object({ encoder: z.string(), model: z.string().nullable() }) });

/** By run: what stands for the paper's CLIP in `generic-text-embedding`, as its preset says. */
async function genericEncoders(db: Database, runIds: string[]): Promise<Map<string, string | null>> {
	const runs = await db.run.findMany({ where: { id: { in: runIds } }, select: { id: true, config: true } });
	return new Map(runs.map(({ id, config }) => [id, genericEncoderOf(config)]));
}

function genericEncoderOf(config: unknown): string | null {
	const parsed = presetNames.safeParse(config);
	if (!parsed.success) return null;
	const { encoder, model } = parsed.data.genericTextEncoder;
	return model === null ? encoder : `${encoder} (${model})`;
}
