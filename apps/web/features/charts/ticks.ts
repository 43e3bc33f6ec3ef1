/** Round ticks from zero that reach past `max`, six at most. */
export function prepareTicks(max: number): number[] {
	const step = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2].find((size) => max / size <= 5) ?? 0.25;
	const count = Math.max(1, Math.ceil(max / step - 1e-9));
	return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toFixed(3)));
}
