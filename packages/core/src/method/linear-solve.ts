/**
 * Solves A x = b by Cholesky's decomposition.
 *
 * @param matrix A, symmetric and positive definite, row-major; only its lower triangle is read.
 */
export function solvePositive(matrix: Float64Array, right: Float64Array): Float64Array {
	const size = right.length;
	const lower = new Float64Array(size * size);
	for (let i = 0; i < size; i += 1) {
		for (let j = 0; j <= i; j += 1) {
			let sum = matrix[i * size + j] ?? 0;
			for (let k = 0; k < j; k += 1) sum -= (lower[i * size + k] ?? 0) * (lower[j * size + k] ?? 0);
			// Rounding may leave a hair below zero where two columns say the same.
			lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-15)) : sum / (lower[j * size + j] ?? 1);
		}
	}
	const solution = Float64Array.from(right);
	for (let i = 0; i < size; i += 1) {
		let sum = solution[i] ?? 0;
		for (let k = 0; k < i; k += 1) sum -= (lower[i * size + k] ?? 0) * (solution[k] ?? 0);
		solution[i] = sum / (lower[i * size + i] ?? 1);
	}
	for (let i = size - 1; i >= 0; i -= 1) {
		let sum = solution[i] ?? 0;
		for (let k = i + 1; k < size; k += 1) sum -= (lower[k * size + i] ?? 0) * (solution[k] ?? 0);
		solution[i] = sum / (lower[i * size + i] ?? 1);
	}
	return solution;
}
