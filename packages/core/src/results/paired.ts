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

/** The same difference from the other side. */
export function turnedDifference(difference: AdjustedDifference): AdjustedDifference {
	const { value, low, high, wins, losses } = difference;
	return { ...difference, value: turned(value), low: turned(high), high: turned(low), wins: losses, losses: wins };
}

/** Without a negative zero. */
const turned = (value: number) => (value === 0 ? 0 : -value);

/** `+0.0123 [+0.0021, +0.0226]`; an ASCII minus, so that programs can read it. */
export function formatInterval({ value, low, high }: Pick<PairedDifference, "value" | "low" | "high">): string {
	return `${formatSigned(value)} [${formatSigned(low)}, ${formatSigned(high)}]`;
}

export function formatSigned(value: number): string {
	return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(4)}`;
}

/** {@link formatInterval} with the adjusted p. */
export function formatDifference(difference: AdjustedDifference): string {
	const { adjustedP } = difference;
	return `${formatInterval(difference)}, p ${adjustedP < 0.001 ? "< 0.001" : adjustedP.toFixed(3)}`;
}

/** `***`, `**`, `*` at .001, .01 and .05 of the adjusted p; nothing above. */
export function significanceMark(adjustedP: number): string {
	if (adjustedP <= 0.001) return "***";
	if (adjustedP <= 0.01) return "**";
	return adjustedP <= 0.05 ? "*" : "";
}
