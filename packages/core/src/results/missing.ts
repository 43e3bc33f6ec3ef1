import { FULL_VARIANT } from "../planning/variants";

/** Runs that a table or figure lacks on one dataset. */
export interface MissingRuns {
	dataset: string;
	methods: string[];
	variants: string[];
	settings: string[];
	/** The other cells have runs of seeds 1 to this. */
	seeds: number;
	/** The preset of the other cells; null for the suite's. */
	preset: string | null;
}

/** The command that launches them, as one types it: `npx atelier launch table3 --dataset shop --variants no-memory`. */
export function launchCommand(suite: string, missing: MissingRuns): string {
	const { dataset, methods, variants, settings, seeds, preset } = missing;
	const list = (names: readonly string[]) => {
		const text = names.join(",");
		// Parentheses mean something to a shell.
		return /[()]/.test(text) ? `'${text}'` : text;
	};
	return [
		`npx atelier launch ${suite} --dataset ${dataset}`,
		...(methods.length > 0 ? [`--methods ${list(methods)}`] : []),
		...(variants.some((name) => name !== FULL_VARIANT) ? [`--variants ${list(variants)}`] : []),
		...(settings.some((name) => name !== "full") ? [`--settings ${list(settings)}`] : []),
		...(seeds > 1 ? [`--seeds ${seeds}`] : []),
		...(preset === null ? [] : [`--preset ${preset}`]),
	].join(" ");
}
