import { FULL_VARIANT, parseSetting, parseVariant, SWITCHES, TABLE_3_VARIANTS } from "@atelier/core";
import { methodLook } from "./methods";

/**
 * A variant in words, as Table 3 shortens it, except where the paper names its own encoder: which generic one is used
 * is the preset's choice. Unknown names as they are, `full` as nothing.
 */
export function variantLabel(name: string): string {
	if (name === FULL_VARIANT) return "";
	const short = TABLE_3_VARIANTS.find(({ id }) => id === name && id.includes("+"));
	if (short !== undefined) return short.title;
	const variant = orUndefined(() => parseVariant(name));
	if (variant === undefined) return name;
	return variant.map((id) => SWITCHES.find((one) => one.id === id)?.title ?? id).join(", ");
}

/** A setting in words: `cold start`, `zero-shot from sample-footwear`, `25 % of training`. Unknown names as they are. */
export function settingTitle(name: string): string {
	const setting = orUndefined(() => parseSetting(name));
	switch (setting?.kind) {
		case undefined:
			return name;
		case "full":
			return "all data";
		case "cold-start":
			return "cold start";
		case "zero-shot":
			return `zero-shot from ${setting.source}`;
		case "low-resource":
			return `${Math.round(setting.ratio * 1000) / 10} % of training`;
	}
}

export interface NamedRun {
	method: string;
	variant: string;
	setting: string;
}

/** A run's method with what is not plain about it: `Ours w/o id embedding, cold start`. */
export function runName({ method, variant, setting }: NamedRun): string {
	const title = methodLook(method).title;
	const name = variant === FULL_VARIANT ? title : `${title} ${variantLabel(variant)}`;
	return setting === "full" ? name : `${name}, ${settingTitle(setting)}`;
}

/** Names come out of a database: one of another version must not take the page down. */
function orUndefined<T>(parse: () => T): T | undefined {
	try {
		return parse();
	} catch {
		return undefined;
	}
}
