/** Column names quoted for DuckDB, in which `at` and others are words of its own. */
export function columnList(columns: readonly string[]): string {
	return columns.map((column) => `"${column}"`).join(", ");
}
