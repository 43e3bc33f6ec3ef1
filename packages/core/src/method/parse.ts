/** Why a generation is not of the form that the prompt asks for. */
export const PARSE_FAILURES = [
	"empty",
	"no-id",
	"unclosed-id",
	"id-not-a-number",
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

/** Ids are 32-bit integers. */
const LARGEST_ID = 2 ** 31 - 1;

/**
 * Reads `{<id>258</id>,<title>…</title>}`; text around and after it, blanks and letter case of the tags do not matter.
 * A title that ran into the token limit is kept as far as it goes and named `unclosed-title`.
 */
export function parseGeneration(text: string): ParsedGeneration {
	if (text.trim() === "") return { itemId: null, title: null, failure: "empty" };
	const id = parseId(text);
	const title = parseTitle(text);
	return { itemId: id.value, title: title.value, failure: id.failure ?? title.failure };
}

interface Part<T> {
	value: T | null;
	failure: ParseFailure | null;
}

function parseId(text: string): Part<number> {
	const opened = /<id>\s*([^<]*)/i.exec(text);
	if (opened === null) return { value: null, failure: "no-id" };
	if (!/^<\s*\/\s*id\s*>/i.test(text.slice(opened.index + opened[0].length))) {
		return { value: null, failure: "unclosed-id" };
	}
	const digits = (opened[1] ?? "").trim();
	const value = Number(digits);
	if (!/^\d{1,10}$/.test(digits) || value > LARGEST_ID) return { value: null, failure: "id-not-a-number" };
	return { value, failure: null };
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
