import { AppError } from "../errors";

/** How a method is trained and tested (paper, section 5.4). */
export type Setting =
	| { kind: "full" }
	/** Only test examples whose ground truth is unseen in training; id-based methods get a trained cold token. */
	| { kind: "cold-start" }
	/** Trained on the dataset `source`, tested here without fine-tuning. */
	| { kind: "zero-shot"; source: string }
	/** A seeded share of the training sequences. */
	| { kind: "low-resource"; ratio: number };

/** Shares of training sequences in Figure 6. */
export const LOW_RESOURCE_RATIOS = [0.1, 0.25, 0.5, 0.75, 1] as const;

/** `full`, `cold-start`, `zero-shot(NAME)` or `low-resource(0.25)`; all of the training data is simply `full`. */
export function settingName(setting: Setting): string {
	switch (setting.kind) {
		case "full":
		case "cold-start":
			return setting.kind;
		case "zero-shot":
			return `zero-shot(${setting.source})`;
		case "low-resource":
			return setting.ratio === 1 ? "full" : `low-resource(${setting.ratio})`;
	}
}

/** @throws AppError BAD_REQUEST for anything that {@link settingName} does not write. */
export function parseSetting(name: string): Setting {
	if (name === "full" || name === "cold-start") return { kind: name };
	const [, kind, argument] = /^(zero-shot|low-resource)\((.+)\)$/.exec(name) ?? [];
	if (kind === "zero-shot" && argument !== undefined) return { kind, source: argument };
	if (kind === "low-resource") {
		const ratio = Number(argument);
		if (ratio > 0 && ratio <= 1) return ratio === 1 ? { kind: "full" } : { kind, ratio };
		throw new AppError("BAD_REQUEST", `"${name}": the share of training sequences is a number above 0, at most 1.`);
	}
	throw new AppError(
		"BAD_REQUEST",
		`Unknown setting "${name}". There are: full, cold-start, zero-shot(DATASET) and low-resource(SHARE).`,
	);
}
