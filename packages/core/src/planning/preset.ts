import { z } from "zod";
import {
	baselineModels,
	baseModelParams,
	encodeQueriesParams,
	evaluateParams,
	fineTuneParams,
	fusionParams,
	generateParams,
	memoryParams,
	promptsParams,
	retrieveParams,
	splitParams,
	titleEncoderParams,
} from "../contracts";
import { AppError } from "../errors";
import { presetResources } from "./resources";

/**
 * A preset: every parameter of every stage, as one YAML file under `suites/presets/` says it. Any value may be
 * overridden at launch by its path, as `fineTune.epochs=2`.
 */
export const preset = z.strictObject({
	name: z.string(),
	title: z.string(),
	description: z.string(),
	split: splitParams,
	encodeQueries: encodeQueriesParams,
	memory: memoryParams,
	prompts: promptsParams,
	baseModel: baseModelParams,
	fineTune: fineTuneParams,
	generate: generateParams,
	titleEncoder: titleEncoderParams,
	retrieve: retrieveParams,
	/** The generic pretrained encoder of the variant `generic-text-embedding` (the paper's CLIP text embedding). */
	genericTextEncoder: titleEncoderParams.pick({ model: true }).extend({ encoder: z.enum(["minilm", "clip"]) }),
	baselines: z.strictObject(baselineModels),
	/** How `ours-plus` ranks. */
	fusion: fusionParams,
	evaluate: evaluateParams.omit({ source: true, examples: true, fusion: true }),
	/** What stages need where they run; no part of what they make. */
	resources: presetResources,
});
export type Preset = z.infer<typeof preset>;

export type Overrides = Record<string, string | number | boolean | null>;

type Tree = { [name: string]: unknown };
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The preset with values replaced by path.
 *
 * @throws AppError BAD_REQUEST for an unknown path (naming the valid names there) or a value of the wrong kind.
 */
export function applyOverrides(base: Preset, overrides: Overrides): Preset {
	const copy: unknown = structuredClone(base);
	for (const [path, value] of Object.entries(overrides)) {
		const steps = path.split(".");
		let node: unknown = copy;
		steps.forEach((step, depth) => {
			const at = steps.slice(0, depth).join(".") || "the preset";
			if (!isTree(node) || !Object.hasOwn(node, step)) {
				const names = isTree(node) ? Object.keys(node).sort().join(", ") : "none";
				throw new AppError("BAD_REQUEST", `Unknown setting "${path}": ${at} has no "${step}". Names there: ${names}.`);
			}
			if (depth === steps.length - 1) node[step] = value;
			else node = node[step];
		});
	}
	const parsed = preset.safeParse(copy);
	if (parsed.success) return parsed.data;
	const problem = parsed.error.issues[0];
	throw new AppError("BAD_REQUEST", `Setting "${problem?.path.join(".")}" of preset ${base.name}: ${problem?.message}`);
}

/** `key=value` pairs as typed on a command line: numbers, true, false and null are read as such. */
export function parseOverrides(pairs: readonly string[]): Overrides {
	return Object.fromEntries(
		pairs.map((pair) => {
			const at = pair.indexOf("=");
			if (at <= 0) throw new AppError("BAD_REQUEST", `"${pair}" is not of the form name=value.`);
			return [pair.slice(0, at), literal(pair.slice(at + 1))];
		}),
	);
}

function literal(text: string): string | number | boolean | null {
	if (text === "true" || text === "false") return text === "true";
	if (text === "null") return null;
	return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
