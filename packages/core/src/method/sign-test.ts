/**
 * Two-sided exact sign test: how likely a fair coin is to split `a + b` throws at least as unevenly as `a` against `b`.
 * Terms are summed from their logarithms, so that thousands of throws do not underflow.
 */
export function signTest(a: number, b: number): number {
	const throws = a + b;
	let logTerm = -throws * Math.LN2;
	let tail = 0;
	for (let heads = 0; heads <= Math.min(a, b); heads += 1) {
		tail += Math.exp(logTerm);
		logTerm += Math.log((throws - heads) / (heads + 1));
	}
	return Math.min(1, 2 * tail);
}
