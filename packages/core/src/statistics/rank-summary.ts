import { RANK_METRICS, type Rank } from "../method/metrics";
import { seededDraw } from "../method/random";
import { groupResampler, percentileInterval, weightedSum } from "./multinomial";

/** A figure with the ends of its 95 % bootstrap interval. */
export interface Interval {
	value: number;
	low: number;
	high: number;
}

export interface RankSummary {
	count: number;
	/** `recall@K`, `ndcg@K`, `mrr@K` with the K that was asked for. */
	metrics: Record<string, Interval>;
}

export interface RankSummaryOptions {
	k: number;
	/** Resamples. */
	samples: number;
	seed: number;
}

/**
 * Recall@K, NDCG@K and MRR@K over users, each with its percentile bootstrap interval (Efron 1979): users are drawn with
 * replacement `samples` times. A user counts by one of K + 1 outcomes, so a resample is a multinomial draw over them,
 * whose cost does not grow with the users; the three metrics share their draws, so that their intervals belong together.
 * No users give zeros.
 */
export function summariseRanks(ranks: readonly Rank[], { k, samples, seed }: RankSummaryOptions): RankSummary {
	const count = ranks.length;
	const users = new Uint32Array(k);
	for (const rank of ranks) if (rank !== null && rank <= k) users[rank - 1] = (users[rank - 1] ?? 0) + 1;
	const met = [...users.keys()].filter((place) => users[place] !== 0);
	const observed = Uint32Array.from(met, (place) => users[place] ?? 0);
	const figures = RANK_METRICS.map(([name, gain]) => ({
		name: `${name}@${k}`,
		gains: Float64Array.from(met, (place) => gain(place + 1, k)),
		means: new Float64Array(samples),
	}));
	const resample = groupResampler([...observed], count, seededDraw(seed));
	const drawn = new Uint32Array(met.length);
	for (let sample = 0; sample < samples && count > 0; sample += 1) {
		resample(drawn);
		for (const { gains, means } of figures) means[sample] = weightedSum(gains, drawn) / count;
	}
	const metrics = figures.map(({ name, gains, means }): [string, Interval] => [
		name,
		{ value: count === 0 ? 0 : weightedSum(gains, observed) / count, ...percentileInterval(means.sort()) },
	]);
	return { count, metrics: Object.fromEntries(metrics) };
}
