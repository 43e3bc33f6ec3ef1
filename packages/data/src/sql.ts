/** Pieces of DuckDB SQL. Every name or text that comes from outside passes through `text` or `column`. */

/** A string literal. */
export function text(value: string): string {
	return `'${value.replaceAll("'", "''")}'`;
}

/** A quoted identifier. */
export function column(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

/** Trimmed text with runs of blanks and control characters made one blank; null when nothing is left. */
export function cleanText(expression: string): string {
	return `nullif(trim(regexp_replace(${expression}, '[\\s[:cntrl:]]+', ' ', 'g')), '')`;
}

/** What programs write where there is nothing. A person or a brand of such a name is rarer than a missing one. */
const NOTHING = ["nan", "NaN", "None", "null", "NULL", "<NA>", "N/A"].map(text).join(", ");

/** {@link cleanText} of a title or an attribute; null also where a program wrote that there is none. */
export function cleanValue(expression: string): string {
	const clean = cleanText(expression);
	return `CASE WHEN ${clean} NOT IN (${NOTHING}) THEN ${clean} END`;
}

/** An id as text: trimmed, null when empty or where a program wrote that there is none. */
export function cleanKey(expression: string): string {
	return `CASE WHEN trim(${expression}) NOT IN ('', ${NOTHING}) THEN trim(${expression}) END`;
}

/** At most `length` characters, cut at a blank. */
export function shortened(expression: string, length: number): string {
	const head = `left(${expression}, ${length + 1})`;
	return `CASE WHEN length(${expression}) <= ${length} THEN ${expression} ELSE regexp_replace(${head}, '\\s*\\S*$', '') END`;
}

/** A JSON object as text: entries in order, those without a value left out. */
export function jsonObject(entries: readonly { key: string; value: string }[]): string {
	if (entries.length === 0) return "'{}'";
	const parts = entries.map(({ key, value }) => {
		const clean = cleanValue(value);
		return `CASE WHEN ${clean} IS NOT NULL THEN ${text(`${JSON.stringify(key)}:`)} || to_json(${clean})::VARCHAR END`;
	});
	return `'{' || concat_ws(',', ${parts.join(", ")}) || '}'`;
}
