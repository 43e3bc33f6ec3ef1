import { visibleText } from "./visible-text";

export type CsvValue = string | number | boolean | null | undefined;

/** What a spreadsheet takes for the beginning of a formula, in ASCII and as East Asian full-width signs. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;
const SIGNED = String.raw`[-+]?(?:\d+(?:,\d{3})*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
/** A number, also as tables write one: `+0.0123 [+0.0021, +0.0226], p 0.013`. */
const MEASURED = new RegExp(
	`^${SIGNED}(?: \\[${SIGNED}, ${SIGNED}\\])?(?: ± ${SIGNED})?(?:, p (?:< )?${SIGNED})?[ *†‡]*$`,
);

/**
 * A cell as RFC 4180 has it. Text that a spreadsheet would run as a formula gets an apostrophe in front, which
 * spreadsheets take for "this is text"; numbers and measurements, also negative ones, stay as they are. Line breaks, tabs and what else
 * cannot be seen become visible escapes, so that a row is one line.
 */
export function csvCell(value: CsvValue): string {
	if (value === null || value === undefined) return "";
	if (typeof value !== "string") return String(value);
	// Judged as it came: a tab or line break in front hides a formula from a reader, not from a spreadsheet.
	const isFormula = FORMULA.test(value) && !MEASURED.test(value);
	const text = `${isFormula ? "'" : ""}${visibleText(value)}`;
	return /[",]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One row with its line break. */
export function csvRow(cells: readonly CsvValue[]): string {
	return `${cells.map(csvCell).join(",")}\n`;
}
