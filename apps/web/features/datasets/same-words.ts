/** Datasets of which the same is said, together: their names with commas between, and the words once. */
export function sameWords<Row extends { name: string }>(
	rows: readonly Row[],
	describe: (row: Row) => string,
): { names: string; words: string }[] {
	const byWords = new Map<string, string[]>();
	for (const row of rows) {
		const words = describe(row);
		byWords.set(words, [...(byWords.get(words) ?? []), row.name]);
	}
	return [...byWords].map(([words, names]) => ({ names: names.join(", "), words }));
}
