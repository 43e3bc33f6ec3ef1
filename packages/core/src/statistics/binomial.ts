import type { Draw } from "../method/random";

/** Below this mean counting successes one by one is faster than rejection, and rejection is not exact. */
const REJECTION_FROM = 10;

/**
 * Exact draws from Binomial(trials, share).
 *
 * Small means: waiting times between successes are geometric, and are summed until the trials are used up (Devroye 1986,
 * chapter X.4, "second waiting time method"). Others: transformed rejection with squeeze (algorithm BTRS, Hörmann 1993,
 * "The generation of binomial random variates"), whose cost does not grow with the trials.
 */
export function binomialSampler(share: number, draw: Draw): (trials: number) => number {
	if (share <= 0) return () => 0;
	if (share >= 1) return (trials) => trials;
	const isFlipped = share > 0.5;
	const p = isFlipped ? 1 - share : share;
	const logMiss = Math.log1p(-p);
	// In the open interval: its logarithm is taken.
	const uniform = () => (draw() + 0.5) / 2 ** 32;
	return (trials) => {
		const successes =
			trials * p < REJECTION_FROM ? byWaiting(trials, logMiss, uniform) : byRejection(trials, p, uniform);
		return isFlipped ? trials - successes : successes;
	};
}

function byWaiting(trials: number, logMiss: number, uniform: () => number): number {
	let successes = 0;
	for (let used = Math.ceil(Math.log(uniform()) / logMiss); used <= trials; successes += 1) {
		used += Math.ceil(Math.log(uniform()) / logMiss);
	}
	return successes;
}

function byRejection(trials: number, p: number, uniform: () => number): number {
	const spread = Math.sqrt(trials * p * (1 - p));
	const b = 1.15 + 2.53 * spread;
	const a = -0.0873 + 0.0248 * b + 0.01 * p;
	const centre = trials * p + 0.5;
	const squeeze = 0.92 - 4.2 / b;
	const odds = p / (1 - p);
	const alpha = (2.83 + 5.1 / b) * spread;
	const mode = Math.floor((trials + 1) * p);
	for (;;) {
		const u = uniform() - 0.5;
		const v = uniform();
		const side = 0.5 - Math.abs(u);
		const k = Math.floor(((2 * a) / side + b) * u + centre);
		if (side >= 0.07 && v <= squeeze) return k;
		if (k < 0 || k > trials) continue;
		const height = Math.log((v * alpha) / (a / (side * side) + b));
		const bound =
			(mode + 0.5) * Math.log((mode + 1) / (odds * (trials - mode + 1))) +
			(trials + 1) * Math.log((trials - mode + 1) / (trials - k + 1)) +
			(k + 0.5) * Math.log((odds * (trials - k + 1)) / (k + 1)) +
			stirlingRest(mode) +
			stirlingRest(trials - mode) -
			stirlingRest(k) -
			stirlingRest(trials - k);
		if (height <= bound) return k;
	}
}

/** ln k! − (ln √(2π) + (k + ½) ln(k + 1) − (k + 1)), from 0 to 9 as numbers and as a series from there on. */
const FIRST_RESTS = [
	0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.020790672103765, 0.0166446911898211, 0.0138761288230707,
	0.0118967099458917, 0.010411265261972, 0.00925546218271273, 0.00833056343336287,
];
function stirlingRest(k: number): number {
	const known = FIRST_RESTS[k];
	if (known !== undefined) return known;
	const square = (k + 1) * (k + 1);
	return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}
