import { printName, printValue } from "@atelier/core";

/** What a data set has of an attribute, for those who write a slice. */
export interface KnownAttribute {
	name: string;
	title: string;
	kind: "flag" | "number" | "category";
	/** Why nobody has a value; null where some have. */
	lacks: string | null;
	values: readonly { value: string; count: number }[];
}

export interface Completion {
	/** What comes in place of the word under the cursor. */
	text: string;
	note: string;
}

export interface Completions {
	/** The word that is being written. */
	from: number;
	to: number;
	options: Completion[];
}

const MOST = 8;
const WORD = /[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*$/u;
/** Where a value is wanted: after `season =` and within `season in (`. */
const AFTER_SIGN = /([\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*)\s*!?=\s*$/u;
const IN_LIST = /([\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*)\s+(?:not\s+)?in\s*\((?:[^()]*,)?\s*$/iu;
/** Where the next condition begins: at the start, after a parenthesis and after a word that joins. */
const BEGINS = /(?:^|\(|\b(?:and|or|not))\s*$/iu;

/** What may stand at the cursor: an attribute where a condition begins, a value after a sign, else a sign or a word that joins. */
export function completionsAt(text: string, cursor: number, attributes: readonly KnownAttribute[]): Completions {
	const before = text.slice(0, cursor);
	const word = WORD.exec(before)?.[0] ?? "";
	const from = cursor - word.length;
	const head = before.slice(0, from);
	const options = optionsAfter(head, attributes).filter(({ text: option }) => fits(option, word));
	return { from, to: cursor, options: options.slice(0, MOST) };
}

function optionsAfter(head: string, attributes: readonly KnownAttribute[]): Completion[] {
	const [, valued] = AFTER_SIGN.exec(head) ?? IN_LIST.exec(head) ?? [];
	if (valued !== undefined) {
		const values = attributes.find(({ name }) => name === valued.toLowerCase())?.values ?? [];
		return values.map(({ value, count }) => ({ text: printValue(value), note: `${count.toLocaleString("en-US")}` }));
	}
	if (BEGINS.test(head)) {
		const known = attributes.filter(({ lacks }) => lacks === null);
		return [
			...known.map(({ name, title }) => ({ text: printName(name), note: title })),
			...(/\bnot\s*$/i.test(head) ? [] : [{ text: "not", note: "the opposite" }]),
		];
	}
	const joins = [
		{ text: "and", note: "both" },
		{ text: "or", note: "either" },
	];
	const last = attributes.find(({ name }) => name === WORD.exec(head.trimEnd())?.[0]?.toLowerCase());
	switch (last?.kind) {
		case "number":
			return [...signs([">=", "<=", "="]), ...joins];
		case "category":
			return [...signs(["=", "!=", "in ("]), ...joins];
		default:
			return joins;
	}
}

const signs = (all: readonly string[]): Completion[] => all.map((text) => ({ text, note: "" }));

function fits(option: string, word: string): boolean {
	const [plain, typed] = [option.replace(/^["']/, "").toLowerCase(), word.toLowerCase()];
	// What is written out already needs no help.
	return plain !== typed && (plain.startsWith(typed) || (typed.length > 1 && plain.includes(typed)));
}

/** The text with a completion taken, and where the cursor then stands. */
export function completed(
	text: string,
	{ from, to }: Completions,
	option: Completion,
): { text: string; cursor: number } {
	const glue = option.text.endsWith("(") || text.slice(to).startsWith(" ") ? "" : " ";
	const begun = `${text.slice(0, from)}${option.text}${glue}`;
	return { text: begun + text.slice(to), cursor: begun.length };
}
