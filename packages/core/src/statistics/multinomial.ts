import type { Draw } from "../method/random";
import { binomialSampler } from "./binomial";

/** Drawing a binomial costs about as much as drawing this many users. */
const USERS_A_BINOMIAL = 15;

/**
 * Resamples `users` users with replacement and counts the groups that they are of: fills in how many users of each group
 * a resample holds. That is multinomial, and drawn either as it is defined, after the number of users that are of any
 * group, or group by group as conditional binomials, so that the cost does not grow with the users.
 *
 * @param groups users of each group; those of none are the rest up to `users`, and are not counted.
 */
export function groupResampler(groups: readonly number[], users: number, draw: Draw): (counts: Uint32Array) => void {
	const grouped = groups.reduce((sum, size) => sum + size, 0);
	if (grouped <= USERS_A_BINOMIAL * groups.length) {
		const groupOf = Uint32Array.from(groups.flatMap((size, group) => Array.from({ length: size }, () => group)));
		const sampler = binomialSampler(users === 0 ? 0 : grouped / users, draw);
		return (counts) => {
			counts.fill(0);
			for (let left = sampler(users); left > 0; left -= 1) {
				const group = groupOf[Math.floor((draw() / 2 ** 32) * grouped)] ?? 0;
				counts[group] = (counts[group] ?? 0) + 1;
			}
		};
	}
	let undrawn = users;
	const samplers = groups.map((size) => {
		const sampler = binomialSampler(size / undrawn, draw);
		undrawn -= size;
		return sampler;
	});
	return (counts) => {
		let left = users;
		for (let group = 0; group < samplers.length; group += 1) {
			const drawn = samplers[group]?.(left) ?? 0;
			counts[group] = drawn;
			left -= drawn;
		}
	};
}

/** What a resample sums up to: its users' gains by group. */
export function weightedSum(gains: Float64Array, counts: Uint32Array): number {
	let sum = 0;
	for (let group = 0; group < gains.length; group += 1) sum += (gains[group] ?? 0) * (counts[group] ?? 0);
	return sum;
}

/** Ends of the central 95 % of sorted resamples, interpolated between neighbours; zeros for none. */
export function percentileInterval(sorted: Float64Array): { low: number; high: number } {
	const at = (share: number) => {
		const place = share * (sorted.length - 1);
		const below = sorted[Math.floor(place)] ?? 0;
		const above = sorted[Math.ceil(place)] ?? below;
		return below + (above - below) * (place - Math.floor(place));
	};
	return { low: at(0.025), high: at(0.975) };
}
