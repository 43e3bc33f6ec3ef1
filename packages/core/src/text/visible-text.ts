/**
 * What a terminal obeys or a reader cannot see: control characters, line and paragraph separators, direction marks and
 * overrides, zero-width and tag characters (all of them "default ignorable"), lone surrogates, noncharacters, and the
 * marks of interlinear annotation.
 */
const HIDDEN = String.raw`[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]`;

/**
 * Invisible characters that spelling needs: joiners inside words of the scripts that use them (Persian, Hindi) and
 * inside emoji, and the variation selector of an emoji or another visible character. In Latin, Greek and Cyrillic words
 * they only make two equal-looking texts differ.
 */
const SPELLING = [
	String.raw`(?<=[\p{L}\p{M}])(?<![\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}])[\u200c\u200d](?=\p{L})(?![\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}])`,
	String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})`,
	String.raw`(?<=[\p{L}\p{N}\p{S}\p{P}])[\ufe00-\ufe0f]`,
].join("|");

const ONE_LINE = new RegExp(`${SPELLING}|(?<hidden>${HIDDEN})`, "gu");
const SEVERAL_LINES = new RegExp(`\\r\\n|[\\n\\t]|${SPELLING}|(?<hidden>${HIDDEN})`, "gu");
const EVERY_HIDDEN = new RegExp(HIDDEN, "gu");

/** More marks than any script stacks on a letter; what is beyond them climbs over the lines above. */
const MOST_MARKS = 8;
const STACKED = new RegExp(String.raw`(\p{M}{${MOST_MARKS}})(\p{M}+)`, "gu");

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text from outside (a title, an id, a query, an error's message) as one line that a terminal, a page or a file may
 * show: hidden characters become visible escapes such as `\u001b`, and marks beyond the eighth on a letter a count.
 * Ordinary text, in any script, comes back as it is.
 */
export function visibleText(text: string): string {
	return replaceHidden(text, ONE_LINE);
}

/** The same for texts of several lines, such as logs: line breaks and tabs stay. */
export function visibleLines(text: string): string {
	return replaceHidden(text, SEVERAL_LINES);
}

/** Whether a text holds something that {@link visibleText} would show by an escape. */
export function hasHidden(text: string): boolean {
	return visibleText(text) !== text;
}

/**
 * A value as JSON that is safe to print: what is hidden inside its texts is escaped, so that it reads back as the very
 * same value.
 */
export function visibleJson(value: unknown, indent?: number | string): string {
	const text = JSON.stringify(value, null, indent) ?? "null";
	// Line breaks of the layout are the only hidden characters outside of texts.
	return text
		.replace(EVERY_HIDDEN, (hidden) => (hidden === "\n" || hidden === "\t" ? hidden : jsonEscape(hidden)))
		.replace(STACKED, (_, first: string, more: string) => first + jsonEscape(more));
}

/** Halves of a character, which no file and no tokenizer can hold, as the sign for "unreadable". */
export function wellFormed(text: string): string {
	return text.replace(/\p{Cs}/gu, "\ufffd");
}

function replaceHidden(text: string, pattern: RegExp): string {
	return text
		.replace(pattern, (whole, ...rest) => {
			const groups: unknown = rest.at(-1);
			return isHidden(groups) ? visibleEscape(whole) : whole === "\r\n" ? "\n" : whole;
		})
		.replace(STACKED, (_, first: string, more: string) => `${first}[+${Array.from(more).length} marks]`);
}

function isHidden(groups: unknown): boolean {
	return typeof groups === "object" && groups !== null && "hidden" in groups && groups.hidden !== undefined;
}

function visibleEscape(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	return SHORT[character] ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : unit(code));
}

function jsonEscape(character: string): string {
	return Array.from({ length: character.length }, (_, place) => unit(character.charCodeAt(place))).join("");
}

function unit(code: number): string {
	return `\\u${code.toString(16).padStart(4, "0")}`;
}
