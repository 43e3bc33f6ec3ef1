import { AppError } from "@atelier/core";
import type { ScanRules } from "./record-scanner";
import type { SourceFile } from "./source-file";

/** Longer lines are rejected: no log has such rows, and one that is let in would have to fit in memory. */
export const MAX_RECORD_BYTES = 1 << 20;
/** More columns than this are no log but a matrix, and each costs work in every step. */
export const MAX_COLUMNS = 1_000;

/** Stands for the name of a column that has none; no file can hold it, since it separates fields. */
const NAMELESS = "\u001f";

export function isNameless(name: string): boolean {
	return name.startsWith(NAMELESS);
}

export interface ReadOptions {
	/** Field separator of a `csv`; taken from the header line when absent. */
	delimiter?: string;
	/** Separators among which the header's is found; comma, tab, semicolon and bar unless said. */
	delimiters?: readonly string[];
	/** Whether fields may be quoted; true for `csv`, false for `tsv` unless said. */
	quotes?: boolean;
	/** Takes the meaning from the character behind it, inside quotes. */
	escape?: string;
	/** Names of the columns of a file without a header. */
	names?: readonly string[];
	/** Encoding of the text, by its name on the web; UTF-8 unless said. */
	encoding?: string;
	/** For `lines`: the name given to the one column. */
	lineColumn?: string;
}

/** How the records of a text file are cut. */
export function rulesFor(source: SourceFile, options: ReadOptions, firstChunk: Buffer): ScanRules {
	if (source.kind === "jsonl" || source.kind === "lines") {
		if (source.kind === "jsonl") refuseOtherThanObjects(source, firstChunk);
		return { delimiter: null, quotes: false, escape: null, fields: null, maxRecordBytes: MAX_RECORD_BYTES };
	}
	const among = options.delimiters ?? (source.kind === "tsv" ? ["\t"] : DELIMITERS);
	const delimiter = options.delimiter ?? likeliestDelimiter(firstChunk, among);
	return {
		delimiter: delimiter.charCodeAt(0),
		quotes: options.quotes ?? source.kind === "csv",
		escape: options.escape?.charCodeAt(0) ?? null,
		fields: options.names?.length ?? null,
		maxRecordBytes: MAX_RECORD_BYTES,
	};
}

/** Names out of a file, for a message: few and short, since the file may be no table and its first line no header. */
export function shownNames(names: readonly string[]): string {
	const shown = names.slice(0, 20).map((name) => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
	return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}

const DELIMITERS = [",", "\t", ";", "|"];

/** The separator that stands most often in the header line, the first of several that stand alike. */
function likeliestDelimiter(firstChunk: Buffer, among: readonly string[]): string {
	const lineEnd = firstChunk.indexOf(10);
	const line = firstChunk.toString("utf8", 0, lineEnd === -1 ? firstChunk.length : lineEnd);
	const counts = among.map((mark) => ({ mark, count: line.split(mark).length - 1 }));
	return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

function refuseOtherThanObjects(source: SourceFile, firstChunk: Buffer): void {
	const start = firstChunk
		.toString("utf8", 0, 200)
		.replace(/^\uFEFF/, "")
		.trimStart();
	if (/^\{\s*u?'/.test(start)) {
		throw new AppError(
			"BAD_DATA",
			`${source.name}: line 1 is a Python literal ({'name': …}), not JSON ({"name": …}). Write the file anew, each line as json.dumps(ast.literal_eval(line)).`,
		);
	}
	if (start === "" || start.startsWith("{")) return;
	const found = start.startsWith("[") ? "a JSON array" : "text that does not begin with {";
	throw new AppError("BAD_DATA", `${source.name} should hold one JSON object per line; it is ${found}.`);
}

/**
 * The names in a header; {@link isNameless} for those that are empty, as the index that pandas writes.
 * @throws AppError BAD_DATA for a header that is none, or that names a column twice.
 */
export function headerNames(source: SourceFile, fields: string[]): string[] {
	const names = fields.map((field) => field.trim());
	const first = names[0] ?? "";
	if (first.startsWith("{") || first.startsWith("[")) {
		throw new AppError("BAD_DATA", `${source.name} is JSON, not ${source.kind}: name it .jsonl (one object per line).`);
	}
	if (names.length > MAX_COLUMNS) {
		throw new AppError(
			"BAD_DATA",
			`${source.name} has ${names.length} columns; at most ${MAX_COLUMNS} are read. A log has a row for each event: turn the table by its side.`,
		);
	}
	if (names.every((name) => name === ""))
		throw new AppError("BAD_DATA", `${source.name}: no column of the header has a name.`);
	const seen = new Set<string>();
	for (const name of names.filter((each) => each !== "")) {
		// DuckDB's names ignore case.
		if (seen.has(name.toLowerCase()))
			throw new AppError("BAD_DATA", `${source.name} names column "${shownNames([name])}" twice.`);
		seen.add(name.toLowerCase());
	}
	if (seen.has("line")) {
		throw new AppError(
			"BAD_DATA",
			`${source.name} has a column named "line", which is kept for line numbers: rename it.`,
		);
	}
	return names.map((name, place) => name || `${NAMELESS}${place + 1}`);
}
