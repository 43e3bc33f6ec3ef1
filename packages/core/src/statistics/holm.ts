/**
 * Holm's step-down adjustment over one family of p values (Holm 1979, "A simple sequentially rejective multiple test
 * procedure"): with p₍₁₎ ≤ … ≤ p₍ₘ₎ the adjusted value of the i-th smallest is maxⱼ≤ᵢ min(1, (m − j + 1) p₍ⱼ₎). Rejecting
 * where it is at most α keeps the chance of any false rejection at most α, however the tests depend on each other.
 *
 * @returns the adjusted values, in the order given.
 * @throws RangeError for a value outside 0..1.
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
	const bad = pValues.find((p) => !(p >= 0 && p <= 1));
	if (bad !== undefined) throw new RangeError(`${bad} is no p value`);
	const ascending = pValues.map((p, place) => ({ p, place })).sort((a, b) => a.p - b.p);
	const adjusted = new Array<number>(pValues.length);
	let floor = 0;
	ascending.forEach(({ p, place }, i) => {
		floor = Math.max(floor, Math.min(1, (pValues.length - i) * p));
		adjusted[place] = floor;
	});
	return adjusted;
}
