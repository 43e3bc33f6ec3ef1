const FACTORS = [1, 2, 2.5, 5, 10];
/** Steps that an axis has at most. */
const STEPS = 5;

/** Round ticks from zero that reach `max`, six at most. */
export function prepareTicks(max: number): number[] {
	const reach = max > 0 ? max : 1;
	const power = 10 ** Math.floor(Math.log10(reach / STEPS));
	const step = power * (FACTORS.find((factor) => factor * power * STEPS >= reach - 1e-9) ?? 10);
	const count = Math.ceil(reach / step - 1e-9);
	return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}
