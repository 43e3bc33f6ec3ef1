/**
 * Pixels by which each end label moves from its line's end, so that labels stand at least `gap` apart, in the order of
 * the lines.
 *
 * @param ends the lines' last values
 * @param pixelsPerUnit of the value axis
 */
export function spreadLabels(ends: readonly number[], pixelsPerUnit: number, gap: number): number[] {
	const order = ends.map((value, index) => ({ index, y: -value * pixelsPerUnit })).sort((a, b) => a.y - b.y);
	const shifts = new Array<number>(ends.length).fill(0);
	let floor = Number.NEGATIVE_INFINITY;
	for (const { index, y } of order) {
		const placed = Math.max(y, floor);
		shifts[index] = placed - y;
		floor = placed + gap;
	}
	// What was pushed down comes back by half, so that the group stays centred on its lines.
	const back = Math.max(0, ...shifts) / 2;
	return shifts.map((shift) => (back === 0 ? 0 : shift - back));
}
