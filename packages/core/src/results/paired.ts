import { type Contrast, holmAdjusted, type PairedDifference } from "../statistics";

/** How many times users are drawn for a paired test; few enough to wait for, enough that Holm's smallest p stays small. */
export const PAIRED_SAMPLES = 20_000;

/** A paired difference with its p value after Holm's correction over the family that it belongs to. */
export interface AdjustedDifference extends PairedDifference {
	adjustedP: number;
}

export interface AdjustedContrast {
	users: number;
	/** Metric name → difference. */
	metrics: Record<string, AdjustedDifference>;
}

/** All tests of all contrasts are one family. */
export function adjustTogether(contrasts: readonly Contrast[]): AdjustedContrast[] {
	const tests = contrasts.flatMap(({ metrics }) => Object.values(metrics));
	const adjusted = holmAdjusted(tests.map(({ p }) => p));
	let next = 0;
	return contrasts.map(({ users, metrics }) => ({
		users,
		metrics: Object.fromEntries(
			Object.entries(metrics).map(([name, difference]) => {
				const adjustedP = adjusted[next] ?? 1;
				next += 1;
				return [name, { ...difference, adjustedP }];
			}),
		),
	}));
}

/** `+0.0123 [0.0021, 0.0226], p 0.018` with the adjusted p. */
export function formatDifference({ value, low, high, adjustedP }: AdjustedDifference): string {
	const signed = `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
	const p = adjustedP < 0.001 ? "p < 0.001" : `p ${adjustedP.toFixed(3)}`;
	return `${signed} [${low.toFixed(4)}, ${high.toFixed(4)}], ${p}`;
}
