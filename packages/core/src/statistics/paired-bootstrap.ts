import { RANK_METRICS, type Rank, type RankMetric } from "../method/metrics";
import { seededDraw } from "../method/random";
import { groupResampler, percentileInterval, weightedSum } from "./multinomial";
import { wrongSideBound } from "./tail-bound";

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
	/** Resamples that were drawn: few where more would not have changed the verdict. */
	draws: number;
	/** `recall@K`, `ndcg@K`, `mrr@K`. */
	metrics: Record<string, PairedDifference>;
}

export interface ContrastOptions {
	k: number;
	/** Resamples, unless fewer settle it; 2 / (samples + 1) is the smallest p that can come out. */
	samples: number;
	seed: number;
	/** Which of the metrics; all of RANK_METRICS without. */
	metrics?: readonly RankMetric[];
}

/** Resamples after which it is asked whether more are needed. */
const FIRST_DRAWS = 2_000;
/** Of the first ones so many on each side of zero: p is .2 or more, and no verdict is near. */
const ENOUGH_ON_EACH_SIDE = 200;
/** The chance that drawing on would still have met the other side of zero. */
const NEGLIGIBLE = 1e-6;

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
 * The first 2,000 resamples are all where they settle every metric (docs/statistics.md): with 200 of them on each side of
 * zero, where p is .2 or more; or where the other side of zero is so far away that drawing on would have met it with a
 * chance of one in a million at most (`wrongSideBound`), where p is 2 / (samples + 1), as all of them would have said.
 *
 * Users of whom all runs say the same add nothing and are not drawn. Of the others those with equal differences are drawn
 * together where that is quicker (see `groupResampler`): two runs have at most (K + 1)² distinct outcomes, however many users.
 *
 * @throws RangeError when a group has not one rank for each weight.
 */
export function bootstrapContrast(
	groups: readonly OutcomeGroup[],
	weights: readonly number[],
	{ k, samples, seed, metrics: wanted = RANK_METRICS }: ContrastOptions,
): Contrast {
	const users = groups.reduce((sum, group) => sum + group.users, 0);
	const distinct = distinctDifferences(groups, weights, k, wanted);
	const sizes = Uint32Array.from(distinct, (group) => group.users);
	const resample = groupResampler([...sizes], users, seededDraw(seed));
	const resampled = wanted.map(([name], m): Resampled => {
		const gain = Float64Array.from(distinct, ({ differences }) => differences[m] ?? 0);
		return { name, gain, sums: new Float64Array(samples) };
	});
	const counts = new Uint32Array(distinct.length);
	let draws = 0;
	const drawUpTo = (last: number) => {
		for (; draws < last; draws += 1) {
			resample(counts);
			for (const { gain, sums } of resampled) sums[draws] = weightedSum(gain, counts);
		}
	};
	drawUpTo(Math.min(FIRST_DRAWS, samples));
	const isSettled = (one: Resampled) =>
		isNear(one, draws) || samples * wrongSideBound(one.gain, sizes, users) <= NEGLIGIBLE;
	if (!resampled.every(isSettled)) drawUpTo(samples);
	const metrics = resampled.map((one): [string, PairedDifference] => {
		const { name, gain, sums } = one;
		const usersOf = (sign: number) =>
			distinct.reduce((sum, group, i) => sum + (Math.sign(gain[i] ?? 0) === sign ? group.users : 0), 0);
		const [wins, losses] = [usersOf(1), usersOf(-1)];
		const means = sums.subarray(0, draws).map((sum) => (users === 0 ? 0 : sum / users));
		const value = users === 0 ? 0 : weightedSum(gain, sizes) / users;
		// Settled with nothing on the other side: of all samples that were asked for none would have been there.
		const p = draws === samples || isNear(one, draws) ? pOf(means) : 2 / (samples + 1);
		const interval = percentileInterval(means.sort());
		return [`${name}@${k}`, { value, ...interval, p: Math.min(1, p), wins, ties: users - wins - losses, losses }];
	});
	return { users, draws, metrics: Object.fromEntries(metrics) };
}

/** One metric over the resamples. */
interface Resampled {
	name: string;
	/** Of each group of users their difference. */
	gain: Float64Array;
	/** Of each resample the sum over its users; zeros where none was drawn yet. */
	sums: Float64Array;
}

/** Whether the resamples lie on both sides of zero, or on it, so often that no verdict is near. */
function isNear({ sums }: Resampled, draws: number): boolean {
	const [atMost, atLeast] = sidesOf(sums.subarray(0, draws));
	return Math.min(atMost, atLeast) >= ENOUGH_ON_EACH_SIDE;
}

interface DifferenceGroup {
	/** One for each metric. */
	differences: number[];
	users: number;
}

/** Users by their differences in all metrics; those without any are left out, since they add nothing to a sum. */
function distinctDifferences(
	groups: readonly OutcomeGroup[],
	weights: readonly number[],
	k: number,
	metrics: readonly RankMetric[],
) {
	const distinct = new Map<string, DifferenceGroup>();
	for (const { ranks, users } of groups) {
		if (ranks.length !== weights.length) throw new RangeError(`${ranks.length} ranks for ${weights.length} weights`);
		const differences = metrics.map(([, gain]) => {
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

/** The p value that inverts the percentile interval of resamples. */
function pOf(resamples: Float64Array): number {
	const [atMost, atLeast] = sidesOf(resamples);
	return (2 * (1 + Math.min(atMost, atLeast))) / (resamples.length + 1);
}

/** How many are zero or less, and how many zero or more. */
function sidesOf(values: Float64Array): [atMost: number, atLeast: number] {
	let [atMost, atLeast] = [0, 0];
	for (const value of values) {
		if (value <= ROUNDING) atMost += 1;
		if (value >= -ROUNDING) atLeast += 1;
	}
	return [atMost, atLeast];
}
