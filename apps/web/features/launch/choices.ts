import { hasVariants, LOW_RESOURCE_RATIOS, type Suite, settingName, TABLE_3_VARIANTS } from "@atelier/core";

export function haveVariants(methods: readonly string[]): boolean {
	return methods.some(hasVariants);
}

type SuiteNames = Pick<Suite, "parts"> & { variants: readonly string[]; settings: readonly string[] };

/** Variants to choose from: those of Table 3 besides the suite's and those of a link; a suite of parts has its own alone. */
export function variantChoices(suite: SuiteNames, chosen: readonly string[]): string[] {
	const offered: string[] = suite.parts.length > 1 ? [] : TABLE_3_VARIANTS.map(({ id }) => id);
	return [...new Set([...offered, ...suite.variants, ...chosen])];
}

/** Settings to choose from: those of Figures 4, 5 and 6, in the same way. */
export function settingChoices(suite: SuiteNames, chosen: readonly string[]): string[] {
	const shares = LOW_RESOURCE_RATIOS.map((ratio) => settingName({ kind: "low-resource", ratio }));
	const offered = suite.parts.length > 1 ? [] : ["full", "cold-start", "zero-shot", ...shares];
	return [...new Set([...offered, ...suite.settings, ...chosen])];
}

/**
 * What was chosen after one box changed, in the order offered; nothing where that is the suite's own choice, and as
 * before where the last box would be emptied.
 */
export function toggleChoice(
	offered: readonly string[],
	chosen: readonly string[],
	own: readonly string[],
	name: string,
	on: boolean,
): string[] {
	const next = offered.filter((one) => (one === name ? on : chosen.includes(one)));
	if (next.length === 0) return [...chosen];
	const isOwn = next.length === own.length && next.every((one) => own.includes(one));
	return isOwn ? [] : next;
}
