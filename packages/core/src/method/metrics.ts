import { seededDraw } from "./random";

/** A figure with the ends of its 95 % bootstrap interval. */
export interface Interval {
	value: number;
	low: number;
	high: number;
}

/** Rank of the ground truth, from 1; null when it is not in the list. */
export type Rank = number | null;

export function recallAtK(rank: Rank, k: number): number {
	return rank !== null && rank <= k ? 1 : 0;
}

/** One relevant item, so the ideal gain is 1 and NDCG is 1 / log2(rank + 1). */
export function ndcgAtK(rank: Rank, k: number): number {
	return rank !== null && rank <= k ? 1 / Math.log2(rank + 1) : 0;
}

export function mrrAtK(rank: Rank, k: number): number {
	return rank !== null && rank <= k ? 1 / rank : 0;
}

export interface BootstrapOptions {
	samples: number;
	seed: number;
}

/**
 * Mean of per-user values with its percentile bootstrap interval (Efron 1979): users are drawn with replacement
 * `samples` times. No users give zeros.
 */
export function bootstrapInterval(values: Float64Array, { samples, seed }: BootstrapOptions): Interval {
	const count = values.length;
	if (count === 0) return { value: 0, low: 0, high: 0 };
	const draw = seededDraw(seed);
	const means = new Float64Array(samples);
	for (let sample = 0; sample < samples; sample += 1) {
		let sum = 0;
		for (let i = 0; i < count; i += 1) sum += values[scaled(draw(), count)] ?? 0;
		means[sample] = sum / count;
	}
	return { value: mean(values), ...percentiles(means) };
}

export interface RankSummary {
	count: number;
	/** `recall@K`, `ndcg@K`, `mrr@K` with the K that was asked for. */
	metrics: Record<string, Interval>;
}

/**
 * Recall@K, NDCG@K and MRR@K over users. The three share their draws, so their intervals belong together, and a draw
 * only counts which of the K + 1 outcomes it met: the cost does not grow with the number of metrics.
 */
export function summariseRanks(ranks: readonly Rank[], options: BootstrapOptions & { k: number }): RankSummary {
	const { k, samples, seed } = options;
	const count = ranks.length;
	const outcomes = Uint16Array.from(ranks, (rank) => (rank !== null && rank <= k ? rank : 0));
	const gains = METRICS.map(({ name, gain }) => ({
		name: `${name}@${k}`,
		gain: Float64Array.from({ length: k + 1 }, (_, rank) => gain(rank === 0 ? null : rank, k)),
		means: new Float64Array(samples),
	}));
	const draw = seededDraw(seed);
	const met = new Uint32Array(k + 1);
	for (let sample = 0; sample < samples && count > 0; sample += 1) {
		met.fill(0);
		for (let i = 0; i < count; i += 1) {
			const outcome = outcomes[scaled(draw(), count)] ?? 0;
			met[outcome] = (met[outcome] ?? 0) + 1;
		}
		for (const { gain, means } of gains) means[sample] = dot(gain, met) / count;
	}
	const observed = new Uint32Array(k + 1);
	for (const outcome of outcomes) observed[outcome] = (observed[outcome] ?? 0) + 1;
	const metrics = gains.map(({ name, gain, means }): [string, Interval] => [
		name,
		count === 0 ? { value: 0, low: 0, high: 0 } : { value: dot(gain, observed) / count, ...percentiles(means) },
	]);
	return { count, metrics: Object.fromEntries(metrics) };
}

const METRICS = [
	{ name: "recall", gain: recallAtK },
	{ name: "ndcg", gain: ndcgAtK },
	{ name: "mrr", gain: mrrAtK },
] as const;

/** A 32-bit draw scaled to 0..count-1. */
function scaled(draw: number, count: number): number {
	return Math.floor((draw / 2 ** 32) * count);
}

function dot(gain: Float64Array, met: Uint32Array): number {
	let sum = 0;
	for (let i = 0; i < gain.length; i += 1) sum += (gain[i] ?? 0) * (met[i] ?? 0);
	return sum;
}

function mean(values: Float64Array): number {
	let sum = 0;
	for (const value of values) sum += value;
	return sum / values.length;
}

/** Ends of the central 95 %, interpolated between neighbouring samples. */
function percentiles(means: Float64Array): { low: number; high: number } {
	const sorted = means.toSorted();
	const at = (share: number) => {
		const place = share * (sorted.length - 1);
		const below = sorted[Math.floor(place)] ?? 0;
		const above = sorted[Math.ceil(place)] ?? below;
		return below + (above - below) * (place - Math.floor(place));
	};
	return { low: at(0.025), high: at(0.975) };
}
