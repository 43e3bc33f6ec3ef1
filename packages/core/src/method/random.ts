/** Draws uniform 32-bit unsigned integers. */
export type Draw = () => number;

/**
 * Seeded generator (xorshift128, Marsaglia 2003), seeded through splitmix-like steps so that neighbouring seeds differ.
 * Integer operations only: one seed gives the same numbers on every machine.
 */
export function seededDraw(seed: number): Draw {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x9e3779b9) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
		mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
		return (mixed ^ (mixed >>> 15)) >>> 0;
	};
	let x = next();
	let y = next();
	let z = next();
	let w = next() | 1;
	return () => {
		const t = x ^ (x << 11);
		x = y;
		y = z;
		z = w;
		w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
		return w >>> 0;
	};
}
