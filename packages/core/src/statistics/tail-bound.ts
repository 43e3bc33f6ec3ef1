/**
 * A bound on how often the sum of `users` users, drawn with replacement, falls on the other side of zero than the sum that
 * was observed: Chernoff's, (min over t of the mean of exp(−t d))^users, which holds for every number of users. One where
 * nothing was observed on either side.
 *
 * @param gains differences that occur, other than zero
 * @param counts users of each; the rest of `users` have no difference
 */
export function wrongSideBound(gains: Float64Array, counts: Uint32Array, users: number): number {
	let total = 0;
	let largest = 0;
	for (let i = 0; i < gains.length; i += 1) {
		total += (gains[i] ?? 0) * (counts[i] ?? 0);
		largest = Math.max(largest, Math.abs(gains[i] ?? 0));
	}
	if (users === 0 || total === 0) return 1;
	// In units of the largest difference, turned so that the observed mean is above zero: the minimum lies at some t > 0.
	const scaled = Float64Array.from(gains, (gain) => (Math.sign(total) * gain) / largest);
	/** Logarithm of the mean of exp(−t d); convex, 0 at 0. */
	const logMean = (t: number) => {
		let excess = 0;
		for (let i = 0; i < scaled.length; i += 1) excess += (counts[i] ?? 0) * Math.expm1(-t * (scaled[i] ?? 0));
		return Math.log1p(excess / users);
	};
	let [low, high] = [0, LARGEST_T];
	for (let step = 0; step < STEPS; step += 1) {
		const [left, right] = [low + (high - low) / 3, high - (high - low) / 3];
		if (logMean(left) < logMean(right)) high = right;
		else low = left;
	}
	return Math.min(1, Math.exp(users * logMean((low + high) / 2)));
}

/** Any t gives a bound: one that is cut off, or found roughly, is only a weaker one. */
const LARGEST_T = 30;
const STEPS = 40;
