import { RANK_METRICS, type Rank } from "../method/metrics";
import { seededDraw } from "../method/random";
import { groupResampler, percentileInterval, weightedSum } from "./multinomial";

/** Users of whom the compared runs say the same: the rank of the ground truth in each run, in the runs' order. */
export interface OutcomeGroup {
	ranks: readonly Rank[];
	users: number;
}

/** Mean difference of one metric over users. */
export interface PairedDifference {
	value: number;
	/** Ends of the 95 % percentile interval. */
	low: number;
	high: number;
	/** Two-sided. */
	p: number;
	/** Users whose own difference is above, at and below zero. */
	wins: number;
	ties: number;
	losses: number;
}

export interface Contrast {
	users: number;
	/** `recall@K`, `ndcg@K`, `mrr@K`. */
	metrics: Record<string, PairedDifference>;
}

export interface ContrastOptions {
	k: number;
	/** Resamples; 2 / (samples + 1) is the smallest p that can come out. */
	samples: number;
	seed: number;
}

/** Differences smaller than this are rounding: terms of a contrast that cancel. */
const ROUNDING = 1e-12;

/**
 * A weighted sum of runs, compared user by user: dᵤ = Σᵣ wᵣ · gain(rank of u's ground truth in run r), and the figure is
 * the mean of dᵤ. Weights [1, −1] compare two runs; [½, ½, −½, −½] two methods over two seeds; [1, −1, −1, 1] asks
 * whether one method gains more than another from the same change.
 *
 * Paired bootstrap (Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapters 13 and 15): users are drawn
 * with replacement `samples` times, one draw serving all runs and all metrics. The interval is the 95 % percentile
 * interval of the resampled means d*. The p value inverts that interval: 2 (1 + min(#{d* ≤ 0}, #{d* ≥ 0})) / (samples + 1),
 * at most 1, so that p ≤ .05 where the interval leaves zero out.
 *
 * Users of whom all runs say the same add nothing and are not drawn. Of the others those with equal differences are drawn
 * together where that is quicker (see `groupResampler`): two runs have at most (K + 1)² distinct outcomes, however many users.
 *
 * @throws RangeError when a group has not one rank for each weight.
 */
export function bootstrapContrast(
	groups: readonly OutcomeGroup[],
	weights: readonly number[],
	{ k, samples, seed }: ContrastOptions,
): Contrast {
	const users = groups.reduce((sum, group) => sum + group.users, 0);
	const distinct = distinctDifferences(groups, weights, k);
	const resample = groupResampler(
		distinct.map((group) => group.users),
		users,
		seededDraw(seed),
	);
	const resampled = RANK_METRICS.map((_, m) => ({
		gain: Float64Array.from(distinct, ({ differences }) => differences[m] ?? 0),
		sums: new Float64Array(samples),
	}));
	const counts = new Uint32Array(distinct.length);
	for (let sample = 0; sample < samples; sample += 1) {
		resample(counts);
		for (const { gain, sums } of resampled) sums[sample] = weightedSum(gain, counts);
	}
	const metrics = RANK_METRICS.map(([name], m): [string, PairedDifference] => {
		const { gain, sums } = resampled[m] ?? { gain: new Float64Array(0), sums: new Float64Array(0) };
		const usersOf = (sign: number) =>
			distinct.reduce((sum, group, i) => sum + (Math.sign(gain[i] ?? 0) === sign ? group.users : 0), 0);
		const [wins, losses] = [usersOf(1), usersOf(-1)];
		const total = weightedSum(
			gain,
			Uint32Array.from(distinct, (group) => group.users),
		);
		const means = sums.map((sum) => (users === 0 ? 0 : sum / users));
		const value = users === 0 ? 0 : total / users;
		return [`${name}@${k}`, { value, ...inverted(means.toSorted()), wins, ties: users - wins - losses, losses }];
	});
	return { users, metrics: Object.fromEntries(metrics) };
}

interface DifferenceGroup {
	/** One for each of RANK_METRICS. */
	differences: number[];
	users: number;
}

/** Users by their differences in all metrics; those without any are left out, since they add nothing to a sum. */
function distinctDifferences(groups: readonly OutcomeGroup[], weights: readonly number[], k: number) {
	const distinct = new Map<string, DifferenceGroup>();
	for (const { ranks, users } of groups) {
		if (ranks.length !== weights.length) throw new RangeError(`${ranks.length} ranks for ${weights.length} weights`);
		const differences = RANK_METRICS.map(([, gain]) => {
			const sum = weights.reduce((total, weight, run) => total + weight * gain(ranks[run] ?? null, k), 0);
			return Math.abs(sum) < ROUNDING ? 0 : sum;
		});
		if (users === 0 || differences.every((difference) => difference === 0)) continue;
		const key = differences.map((difference) => difference.toFixed(12)).join(" ");
		const known = distinct.get(key);
		if (known === undefined) distinct.set(key, { differences, users });
		else known.users += users;
	}
	// A fixed order: the same groups in any order draw the same numbers.
	return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** The percentile interval of sorted resamples, and the p value that inverts it. */
function inverted(sorted: Float64Array): { low: number; high: number; p: number } {
	if (sorted.length === 0) return { low: 0, high: 0, p: 1 };
	const atMost = sorted.filter((value) => value <= ROUNDING).length;
	const atLeast = sorted.filter((value) => value >= -ROUNDING).length;
	const p = Math.min(1, (2 * (1 + Math.min(atMost, atLeast))) / (sorted.length + 1));
	return { ...percentileInterval(sorted), p };
}
