import { type IdReader, plainIds } from "./id-form";

/** Why a generation is not of the form that the prompt asks for. */
export const PARSE_FAILURES = [
	"empty",
	"no-id",
	"unclosed-id",
	"malformed-id",
	"unknown-id",
	"no-title",
	"unclosed-title",
	"empty-title",
] as const;
export type ParseFailure = (typeof PARSE_FAILURES)[number];

export interface ParsedGeneration {
	/** What could be read even where the whole is malformed, so that retrieval may use it. */
	itemId: number | null;
	title: string | null;
	/** The first thing that is wrong, or null. */
	failure: ParseFailure | null;
}

/**
 * Reads the first `{<id>258</id>,<title>…</title>}`; text around and after it, blanks and letter case of the tags do not
 * matter. Its title stands behind its id and before the next one: of a second answer nothing is read.
 * A title that ran into the token limit is kept as far as it goes and named `unclosed-title`. An id of the right shape
 * that names nothing (a family without that variant, a letter beyond the candidates) is `unknown-id`; plain ids are
 * numbers whether the catalogue holds them or not.
 */
export function parseGeneration(text: string, ids: IdReader = plainIds): ParsedGeneration {
	if (text.trim() === "") return { itemId: null, title: null, failure: "empty" };
	const id = parseId(text, ids);
	const title = parseTitle(id.rest);
	return { itemId: id.value, title: title.value, failure: worst(id.failure, title.failure) };
}

/** What is wrong with the form comes before an id that names nothing. */
function worst(id: ParseFailure | null, title: ParseFailure | null): ParseFailure | null {
	return id === "unknown-id" ? (title ?? id) : (id ?? title);
}

interface Part<T> {
	value: T | null;
	failure: ParseFailure | null;
}

/** `rest`: where the answer's title is to be looked for. */
function parseId(text: string, ids: IdReader): Part<number> & { rest: string } {
	const opened = /<id>\s*([^<]*)/i.exec(text);
	if (opened === null) return { value: null, failure: "no-id", rest: text };
	const behind = text.slice(opened.index + opened[0].length);
	const next = behind.search(/<id>/i);
	const rest = next === -1 ? behind : behind.slice(0, next);
	if (!/^<\s*\/\s*id\s*>/i.test(rest)) return { value: null, failure: "unclosed-id", rest };
	const idText = (opened[1] ?? "").trim();
	if (idText === "" && ids.mayBeEmpty) return { value: null, failure: null, rest };
	if (!ids.shape.test(idText)) return { value: null, failure: "malformed-id", rest };
	const value = ids.itemOf(idText);
	return { value, failure: value === null ? "unknown-id" : null, rest };
}

function parseTitle(text: string): Part<string> {
	const opened = /<title>/i.exec(text);
	if (opened === null) return { value: null, failure: "no-title" };
	const rest = text.slice(opened.index + opened[0].length);
	const end = rest.search(/<\s*\/\s*title\s*>/i);
	// Titles hold no angle brackets (see plainText), so an open one ends where the next tag or line starts.
	const value = (end === -1 ? (/^[^<\n]*/.exec(rest.trimStart())?.[0] ?? "") : rest.slice(0, end)).trim();
	if (value === "") return { value: null, failure: end === -1 ? "unclosed-title" : "empty-title" };
	return { value, failure: end === -1 ? "unclosed-title" : null };
}
