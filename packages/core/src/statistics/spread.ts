export interface Spread {
	mean: number;
	/** Sample standard deviation, √(Σ(x − mean)² / (n − 1)); null for a single value. */
	deviation: number | null;
}

/** Mean and sample standard deviation, as reported over seeds; null for no values. */
export function spreadOf(values: readonly number[]): Spread | null {
	if (values.length === 0) return null;
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	if (values.length === 1) return { mean, deviation: null };
	const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
