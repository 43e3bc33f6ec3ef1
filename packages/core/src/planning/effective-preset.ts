import type { Preset } from "./preset";
import type { Variant } from "./variants";

/** The preset as a variant of the framework has it: what a run is planned from, and what its record keeps. */
export function effectivePreset(preset: Preset, variant: Variant): Preset {
	const has = (id: Variant[number]) => variant.includes(id);
	const { prompts, titleEncoder, genericTextEncoder, evaluate } = preset;
	return {
		...preset,
		prompts: {
			...prompts,
			attributes: prompts.attributes && !has("no-attributes"),
			candidates: prompts.candidates && !has("no-memory"),
		},
		titleEncoder: has("generic-text-embedding") ? { ...titleEncoder, ...genericTextEncoder } : titleEncoder,
		evaluate: {
			...evaluate,
			n: has("no-text-embedding") ? evaluate.k : has("no-id-embedding") ? 0 : evaluate.n,
		},
	};
}
