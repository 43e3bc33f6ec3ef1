import { AppError } from "@atelier/core";
import type { ScanRules } from "./record-scanner";
import type { SourceFile } from "./source-file";

/** Longer lines are rejected: no log has such rows, and one that is let in would have to fit in memory. */
export const MAX_RECORD_BYTES = 1 << 20;

export interface ReadOptions {
	/** Field separator of a `csv`; taken from the header line when absent. */
	delimiter?: string;
	/** Whether fields may be quoted; true for `csv`, false for `tsv` unless said. */
	quotes?: boolean;
	/** For `lines`: the name given to the one column. */
	lineColumn?: string;
}

/** How the records of a text file are cut. */
export function rulesFor(source: SourceFile, options: ReadOptions, firstChunk: Buffer): ScanRules {
	if (source.kind === "jsonl" || source.kind === "lines") {
		if (source.kind === "jsonl") refuseOtherThanObjects(source, firstChunk);
		return { delimiter: null, quotes: false, maxRecordBytes: MAX_RECORD_BYTES };
	}
	const delimiter = options.delimiter ?? (source.kind === "tsv" ? "\t" : likeliestDelimiter(firstChunk));
	const quotes = options.quotes ?? source.kind === "csv";
	return { delimiter: delimiter.charCodeAt(0), quotes, maxRecordBytes: MAX_RECORD_BYTES };
}

/** Names out of a file, for a message: few and short, since the file may be no table and its first line no header. */
export function shownNames(names: readonly string[]): string {
	const shown = names.slice(0, 20).map((name) => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
	return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}

/** The separator that stands most often in the header line. */
function likeliestDelimiter(firstChunk: Buffer): string {
	const lineEnd = firstChunk.indexOf(10);
	const line = firstChunk.toString("utf8", 0, lineEnd === -1 ? firstChunk.length : lineEnd);
	const counts = [",", "\t", ";", "|"].map((mark) => ({ mark, count: line.split(mark).length - 1 }));
	return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

function refuseOtherThanObjects(source: SourceFile, firstChunk: Buffer): void {
	const start = firstChunk
		.toString("utf8", 0, 200)
		.replace(/^\uFEFF/, "")
		.trimStart();
	if (start === "" || start.startsWith("{")) return;
	const found = start.startsWith("[") ? "a JSON array" : "text that does not begin with {";
	throw new AppError("BAD_DATA", `${source.name} should hold one JSON object per line; it is ${found}.`);
}

/**
 * The names in a header.
 * @throws AppError BAD_DATA for a header that is none, or that names a column twice.
 */
export function headerNames(source: SourceFile, fields: string[]): string[] {
	const names = fields.map((field) => field.trim());
	const first = names[0] ?? "";
	if (first.startsWith("{") || first.startsWith("[")) {
		throw new AppError("BAD_DATA", `${source.name} is JSON, not ${source.kind}: name it .jsonl (one object per line).`);
	}
	const empty = names.indexOf("");
	if (empty !== -1) throw new AppError("BAD_DATA", `${source.name}: column ${empty + 1} of the header has no name.`);
	const seen = new Set<string>();
	for (const name of names) {
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
	return names;
}
