import { SliceError } from "./slice-error";

export interface Token {
	type: "word" | "number" | "text" | "sign" | "end";
	/** Of quoted text what stands between the quotes. */
	value: string;
	position: number;
	length: number;
}

/** Longer than anyone writes; what comes by an address may be anything. */
export const MOST_CHARACTERS = 2_000;

const SPACE = /\s+/uy;
const SIGN = /<=|>=|!=|[=<>(),]/uy;
const NUMBER = /-?\d+(?:\.\d+)?(?![\p{L}\p{N}\p{M}_.-])/uy;
const WORD = /[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*/uy;
/** A backslash takes the next character as it is. */
const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/suy;

/** @throws SliceError for a character that begins nothing, and for text that is too long. */
export function tokensOf(text: string): Token[] {
	if (text.length > MOST_CHARACTERS) {
		const message = `it has ${text.length} characters, and at most ${MOST_CHARACTERS} are read.`;
		throw new SliceError(text, { position: MOST_CHARACTERS, length: 1, message, suggestions: [] });
	}
	const tokens: Token[] = [];
	let position = 0;
	const take = (pattern: RegExp): string | null => {
		pattern.lastIndex = position;
		return pattern.exec(text)?.[0] ?? null;
	};
	while (position < text.length) {
		const space = take(SPACE);
		if (space !== null) {
			position += space.length;
			continue;
		}
		const token = tokenAt(take);
		if (token === null) throw unreadable(text, position);
		tokens.push({ ...token, position });
		position += token.length;
	}
	return [...tokens, { type: "end", value: "", position, length: 0 }];
}

function tokenAt(take: (pattern: RegExp) => string | null): Omit<Token, "position"> | null {
	const quoted = take(QUOTED);
	if (quoted !== null) {
		return { type: "text", value: quoted.slice(1, -1).replace(/\\(.)/gsu, "$1"), length: quoted.length };
	}
	const patterns = [
		["sign", SIGN],
		["number", NUMBER],
		["word", WORD],
	] as const;
	for (const [type, pattern] of patterns) {
		const value = take(pattern);
		if (value !== null) return { type, value, length: value.length };
	}
	return null;
}

function unreadable(text: string, position: number): SliceError {
	const first = String.fromCodePoint(text.codePointAt(position) ?? 0);
	const isQuote = first === '"' || first === "'";
	const message = isQuote
		? `the quotation that begins here has no end; close it with ${first}.`
		: "this character stands for nothing here; put values with signs or spaces between quotation marks.";
	return new SliceError(text, { position, length: first.length, message, suggestions: [] });
}
