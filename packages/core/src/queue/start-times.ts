/**
 * When each of the waiting stages starts, from now, if they start in this order and take as long as estimated: whichever
 * slot is free first takes the next. Null from where a duration is not known on, since nothing can be said behind it.
 *
 * @param busyMs how long each of the taken slots is still taken; null where that is not known
 * @param slots all slots, free and taken
 */
export function startTimes(
	durationsMs: readonly (number | null)[],
	{ busyMs, slots }: { busyMs: readonly (number | null)[]; slots: number },
): (number | null)[] {
	// A slot that is taken for nobody knows how long is as good as gone: starts are late rather than early.
	const known = busyMs.filter((ms) => ms !== null);
	const free = [...known, ...Array.from({ length: Math.max(0, slots - busyMs.length) }, () => 0)];
	return durationsMs.map((duration) => {
		const first = free.indexOf(Math.min(...free));
		const start = free[first];
		if (start === undefined) return null;
		if (duration === null) free.splice(first, 1);
		else free[first] = start + duration;
		return start;
	});
}
