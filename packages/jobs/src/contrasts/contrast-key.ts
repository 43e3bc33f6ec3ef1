import { type Contrast, contentKey, PAIRED_SAMPLES } from "@atelier/core";
import type { ContrastRequest, ContrastTerm } from "./contrast-schemas";

/** Raised whenever the code changes what a contrast comes to. */
const REVISION = 2;
const SEED = 1;

/** A contrast as it is asked for. */
export interface ContrastAsk {
	terms: readonly ContrastTerm[];
	k: number;
}

export interface KeyedContrast {
	key: string;
	request: ContrastRequest;
	/** The kept contrast is that of the opposite weights. */
	isMirrored: boolean;
}

/**
 * The key of a contrast: a hash of the predictions that it compares, their weights, K, the method, its resamples and its
 * seed. A contrast and its mirror image are one, since each follows from the other.
 *
 * @param predictionsOf names what a run's predictions come from: the same for runs that share their evaluation.
 */
export function keyContrast({ terms, k }: ContrastAsk, predictionsOf: (runId: string) => string): KeyedContrast {
	const named = terms
		.map((term) => ({ ...term, predictions: predictionsOf(term.runId) }))
		.sort((a, b) => compareText(a.predictions, b.predictions) || b.weight - a.weight);
	const isMirrored = (named[0]?.weight ?? 0) < 0;
	const sign = isMirrored ? -1 : 1;
	const options = { k, samples: PAIRED_SAMPLES, seed: SEED };
	const compared = named.map(({ predictions, weight }) => ({ predictions, weight: sign * weight }));
	return {
		key: contentKey({ method: "paired percentile bootstrap", revision: REVISION, compared, ...options }),
		request: { terms: named.map(({ runId, weight }) => ({ runId, weight: sign * weight })), ...options },
		isMirrored,
	};
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The same comparison from the other side. */
export function mirrored({ users, draws, metrics }: Contrast): Contrast {
	const turned = Object.entries(metrics).map(([name, { value, low, high, p, wins, ties, losses }]) => [
		name,
		{ value: turn(value), low: turn(high), high: turn(low), p, wins: losses, ties, losses: wins },
	]);
	return { users, draws, metrics: Object.fromEntries(turned) };
}

/** Without a negative zero. */
const turn = (value: number) => (value === 0 ? 0 : -value);
