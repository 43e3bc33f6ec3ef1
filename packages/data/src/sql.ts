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

/** An id as text: trimmed, null when empty. */
export function cleanKey(expression: string): string {
	return `nullif(trim(${expression}), '')`;
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
		const clean = cleanText(value);
		return `CASE WHEN ${clean} IS NOT NULL THEN ${text(`${JSON.stringify(key)}:`)} || to_json(${clean})::VARCHAR END`;
	});
	return `'{' || concat_ws(',', ${parts.join(", ")}) || '}'`;
}

/** Numbers at or past this are milliseconds since 1970 (as seconds they would be past the year 5000). */
const FIRST_MILLISECONDS = 1e11;

/**
 * ISO 8601, or seconds or milliseconds since 1970, as a UTC timestamp. Null where it is neither, or lies outside
 * 1970..2200: a year such as that is a broken value, not a date.
 */
export function timestampOf(expression: string): string {
	const number = `try_cast(trim(${expression}) AS DOUBLE)`;
	const seconds = `CASE WHEN abs(${number}) >= ${FIRST_MILLISECONDS} THEN ${number} / 1000 ELSE ${number} END`;
	const stamp = `(CASE WHEN ${number} IS NOT NULL
		THEN CASE WHEN ${seconds} BETWEEN 0 AND 7258118400 THEN make_timestamp((${seconds} * 1000000)::BIGINT) END
		ELSE try_cast(trim(${expression}) AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END)`;
	return `CASE WHEN year(${stamp}) BETWEEN 1970 AND 2200 THEN ${stamp} END`;
}
