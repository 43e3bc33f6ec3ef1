import { z } from "zod";
import { AppError } from "../errors";
import { PAPER_DATASETS, paperDatasetOf } from "../results/paper";
import { METHOD_IDS, type Method } from "./methods";
import type { Overrides } from "./preset";
import { parseSetting, type Setting, settingName } from "./settings";
import { FULL_VARIANT, parseVariant, type Variant, variantName } from "./variants";

const setting = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Runs of a suite that belong together: every method in every variant, setting and on every dataset. */
const suitePart = z.strictObject({
	methods: z.array(z.enum(METHOD_IDS)).min(1),
	variants: z.array(z.string()).min(1).default([FULL_VARIANT]),
	/** Names of settings; `zero-shot` alone stands for the paper's pair of each dataset (see {@link PAPER_SOURCES}). */
	settings: z.array(z.string()).min(1).default(["full"]),
	/** Only datasets of these categories of the paper, where the launch has any such; otherwise all of its datasets. */
	categories: z.array(z.enum(PAPER_DATASETS.map(({ id }) => id))).optional(),
});

/** A suite: the runs that fill one table or figure, or several. One YAML file under `suites/`. */
export const suite = z.strictObject({
	name: z.string(),
	title: z.string(),
	description: z.string(),
	preset: z.string(),
	parts: z.array(suitePart).min(1),
	seeds: z.array(z.int().nonnegative()).min(1),
	/** Overrides that belong to the suite, by path, as in `--set`. */
	set: z.record(z.string(), setting).default({}),
	/**
	 * A search over hyperparameters: path → values. Every combination is a run of its own; validation chooses among them
	 * (see `npx atelier launch --help`), and none of them stands in a table.
	 */
	grid: z.record(z.string(), z.array(setting).min(1)).optional(),
});
export type Suite = z.infer<typeof suite>;

/** Which category the paper trains on to test on another (section 5.4): luggage for footwear, footwear for the rest. */
export const PAPER_SOURCES = {
	"luggage-bags": "footwear",
	footwear: "luggage-bags",
	"accessories-jewelry": "footwear",
	clothing: "footwear",
} as const;

/** What a launch asks for in place of what the suite says. */
export interface SuiteChoice {
	methods?: readonly Method[] | undefined;
	variants?: readonly string[] | undefined;
	settings?: readonly string[] | undefined;
}

export interface SuiteRun<D> {
	dataset: D;
	method: Method;
	variant: Variant;
	setting: Setting;
	/** The dataset that a zero-shot run is trained on. */
	source?: D;
}

/** The names that a suite uses, in the order of its parts, each once. */
export function suiteNames({ parts }: Pick<Suite, "parts">) {
	const distinct = <T>(of: (part: Suite["parts"][number]) => readonly T[]) => [...new Set(parts.flatMap(of))];
	return {
		methods: distinct((part) => part.methods),
		variants: distinct((part) => part.variants),
		settings: distinct((part) => part.settings),
	};
}

/**
 * The runs of a suite on some datasets, each once. A choice of methods, variants or settings replaces those of a suite
 * with one part, and picks among those of a suite with several.
 *
 * @param known datasets that a zero-shot run may be trained on besides `datasets`.
 * @returns the runs, and in words what could not be planned because its source is not there.
 * @throws AppError BAD_REQUEST for unknown variants, settings or zero-shot sources, and when nothing is left to run.
 */
export function suiteRuns<D extends { name: string }>(
	{ parts }: Pick<Suite, "parts">,
	choice: SuiteChoice,
	datasets: readonly D[],
	known: readonly D[] = datasets,
): { runs: SuiteRun<D>[]; skipped: string[] } {
	const runs = new Map<string, SuiteRun<D>>();
	const skipped = new Set<string>();
	const pick = <T>(own: readonly T[], chosen: readonly T[] | undefined) =>
		chosen === undefined ? own : parts.length === 1 ? chosen : own.filter((one) => chosen.includes(one));
	for (const part of parts) {
		const variants = pick(part.variants, choice.variants).map(parseVariant);
		for (const dataset of ofCategories(datasets, part.categories)) {
			for (const name of pick(part.settings, choice.settings)) {
				const resolved = resolveSetting(name, dataset, [...datasets, ...known]);
				if (typeof resolved === "string") {
					skipped.add(resolved);
					continue;
				}
				for (const method of pick(part.methods, choice.methods)) {
					for (const variant of variants) {
						const key = [dataset.name, method, variantName(variant), settingName(resolved.setting)].join(" ");
						if (!runs.has(key)) runs.set(key, { dataset, method, variant, ...resolved });
					}
				}
			}
		}
	}
	if (runs.size > 0) return { runs: [...runs.values()], skipped: [...skipped] };
	const why = skipped.size > 0 ? [...skipped].join(" ") : "None of its parts has what was chosen.";
	throw new AppError("BAD_REQUEST", `Nothing of this suite can be run. ${why}`);
}

function ofCategories<D extends { name: string }>(
	datasets: readonly D[],
	categories?: readonly string[],
): readonly D[] {
	if (categories === undefined) return datasets;
	const named = datasets.filter(({ name }) => paperDatasetOf(name) !== null);
	return named.length === 0 ? datasets : named.filter(({ name }) => categories.includes(paperDatasetOf(name) ?? ""));
}

/** The setting, or in words why this dataset has it not. */
function resolveSetting<D extends { name: string }>(
	name: string,
	dataset: D,
	known: readonly D[],
): { setting: Setting; source?: D } | string {
	if (name !== "zero-shot") {
		const setting = parseSetting(name);
		if (setting.kind !== "zero-shot") return { setting };
		const source = known.find((one) => one.name === setting.source);
		if (source !== undefined) return { setting, source };
		throw new AppError("BAD_REQUEST", `${name}: no dataset is called "${setting.source}".`);
	}
	const category = paperDatasetOf(dataset.name);
	if (category === null) return `${dataset.name} is none of the paper's categories: no zero-shot pair is known for it.`;
	const wanted = PAPER_SOURCES[category];
	// The sample's own footwear, not another log's.
	const base = dataset.name.slice(0, -category.length);
	const source = known.find((one) => one.name === base + wanted);
	if (source === undefined) return `${dataset.name} is tested zero-shot from ${base}${wanted}, which is not there.`;
	return { setting: { kind: "zero-shot", source: source.name }, source };
}

/** Every combination of a grid's values, as overrides; one without any where there is no grid. */
export function gridPoints(grid: Suite["grid"]): Overrides[] {
	return Object.entries(grid ?? {}).reduce<Overrides[]>(
		(points, [path, values]) => points.flatMap((point) => values.map((value) => ({ ...point, [path]: value }))),
		[{}],
	);
}

/** What the variant of a grid's run is called: its values, `baselines.gru4rec.dropout=0.3, …`. */
export function gridPointName(point: Overrides): string {
	return Object.entries(point)
		.map(([path, value]) => `${path}=${value}`)
		.join(", ");
}
