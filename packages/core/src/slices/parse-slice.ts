import { type AttributeKind, findAttribute, itemAttributeName, SLICE_ATTRIBUTES } from "./attributes";
import { nearest } from "./nearest";
import { EVERYTHING, type NumberComparison, type Slice, type SliceTest, sliceValue } from "./slice";
import { SliceError } from "./slice-error";
import { type Token, tokensOf } from "./tokens";

/** What a data set has of an attribute. */
export interface Offered {
	/** Why none of its shoppers has a value, in a sentence; null where some have. */
	lacks: string | null;
	/** The values that occur, as `sliceValue` writes them; null for flags and numbers. */
	values: ReadonlySet<string> | null;
}

/** By the names of attributes. A name that is not there is one that the data set has not. */
export type SliceOffer = ReadonlyMap<string, Offered>;

/** Parentheses and `not` within each other, and conditions in all. */
const DEEPEST = 50;
const MOST_TESTS = 100;

const NUMBER_SIGNS: ReadonlySet<string> = new Set<NumberComparison>(["<", "<=", ">", ">="]);
const SIGNS: ReadonlySet<string> = new Set(["=", "!=", ...NUMBER_SIGNS]);
const KEYWORDS: ReadonlySet<string> = new Set(["and", "or", "not", "in"]);
/** Words for what has another name here. */
const SYNONYMS: ReadonlyMap<string, Slice> = new Map([
	["warm", { type: "not", of: { type: "has", attribute: "cold" } }],
]);

/**
 * Reads a slice (docs/slices.md has the grammar): `or` binds weaker than `and`, `and` weaker than `not`. Nothing but spaces
 * is everything.
 *
 * @param offer what the data set has, where that is known: attributes and values that it lacks are refused then.
 * @throws SliceError with the place, what is wrong there and what would do.
 */
export function parseSlice(text: string, offer?: SliceOffer): Slice {
	const reader = new Reader(text, offer);
	return reader.read();
}

class Reader {
	private readonly tokens: Token[];
	private at = 0;
	private depth = 0;
	private tests = 0;

	constructor(
		private readonly text: string,
		private readonly offer: SliceOffer | undefined,
	) {
		this.tokens = tokensOf(text);
	}

	read(): Slice {
		if (this.peek().type === "end") return EVERYTHING;
		const slice = this.several("or");
		if (this.peek().type === "end") return slice;
		if (this.isSign(")")) throw this.wrong(this.peek(), "this parenthesis closes nothing.");
		throw this.wrong(this.peek(), "here the next condition would begin with and, or or.", ["and", "or"]);
	}

	private several(word: "or" | "and"): Slice {
		const one = () => (word === "or" ? this.several("and") : this.single());
		const of = [one()];
		while (this.isWord(word)) {
			this.at += 1;
			of.push(one());
		}
		return of.length === 1 && of[0] !== undefined ? of[0] : { type: word, of };
	}

	private single(): Slice {
		const token = this.peek();
		const opens = this.isSign("(");
		if (!opens && !this.isWord("not")) return this.test();
		this.depth += 1;
		if (this.depth > DEEPEST) throw this.wrong(token, `more than ${DEEPEST} levels stand within each other here.`);
		this.at += 1;
		const inner = opens ? this.several("or") : this.single();
		if (opens) this.expect(")", "the parenthesis is not closed here.");
		this.depth -= 1;
		return opens ? inner : { type: "not", of: inner };
	}

	private test(): Slice {
		this.tests += 1;
		if (this.tests > MOST_TESTS) throw this.wrong(this.peek(), `more than ${MOST_TESTS} conditions are not read.`);
		const { name, kind, synonym, token } = this.attribute();
		const sign = this.peek();
		const isNot = this.isWord("not") && this.isWord("in", 1);
		const isList = isNot || this.isWord("in");
		if (!isList && !(sign.type === "sign" && SIGNS.has(sign.value))) return synonym ?? { type: "has", attribute: name };
		if (synonym !== undefined || kind === "flag") {
			const ways = [token.value, `not ${token.value}`];
			throw this.wrong(sign, `${token.value} holds or does not, and is not compared.`, ways);
		}
		this.at += isNot ? 2 : 1;
		if (isList) return negated(isNot, { type: "is", attribute: name, values: this.list(name, kind) });
		if (NUMBER_SIGNS.has(sign.value)) return this.comparison(name, kind, sign);
		return negated(sign.value === "!=", { type: "is", attribute: name, values: [this.value(name, kind)] });
	}

	private attribute() {
		const token = this.peek();
		if (token.type !== "word" || KEYWORDS.has(token.value.toLowerCase())) {
			const example = 'write an attribute, as in cold, history >= 5 or category = "dress shoes".';
			throw this.wrong(token, token.type === "end" ? `a condition is missing here; ${example}` : example);
		}
		this.at += 1;
		const written = token.value.toLowerCase();
		const synonym = SYNONYMS.get(written);
		if (synonym !== undefined) return { name: "cold", kind: "flag" as const, synonym, token };
		// item."sleeve length"
		const isQuoted = written === "item." && this.peek().type === "text";
		const key = isQuoted ? this.peek().value : written.startsWith("item.") ? written.slice("item.".length) : null;
		if (isQuoted) this.at += 1;
		const name = key === null ? written : itemAttributeName(key);
		const found = key === "" ? null : findAttribute(name);
		const offered = this.offer?.get(name);
		if (found === null || (this.offer !== undefined && offered === undefined)) {
			const names = [...(this.offer?.keys() ?? SLICE_ATTRIBUTES.map((attribute) => attribute.name))];
			const near = nearest(name, [...names, ...SYNONYMS.keys()]);
			const all = `There are: ${names.slice(0, 30).map(printName).join(", ")}.`;
			throw this.wrong(token, `there is no attribute ${name}.${near.length > 0 ? "" : ` ${all}`}`, near.map(printName));
		}
		if (offered?.lacks) throw this.wrong(token, `${name} is not known here: ${offered.lacks}`);
		return { name, kind: found.kind, synonym: undefined, token };
	}

	private comparison(attribute: string, kind: AttributeKind, sign: Token): SliceTest {
		const isOwn = attribute.startsWith("item.");
		if (kind !== "number" && !isOwn) throw this.wrong(sign, `${attribute} has no order; use = or in.`, ["=", "in"]);
		const value = this.number(`a number is wanted after ${attribute} ${sign.value}.`);
		const op = sign.value === "<" || sign.value === "<=" || sign.value === ">" ? sign.value : ">=";
		return { type: "compare", attribute, op, value };
	}

	private number(wanted: string): number {
		const token = this.peek();
		if (token.type !== "number") throw this.wrong(token, wanted);
		const value = Number(token.value);
		// What JavaScript writes as 1e+21 or Infinity could not be read again.
		if (!/^-?\d+(\.\d+)?$/.test(String(value))) throw this.wrong(token, "this number has too many digits.");
		this.at += 1;
		return value === 0 ? 0 : value;
	}

	private list(attribute: string, kind: AttributeKind): string[] {
		this.expect("(", `in wants a list, as in ${attribute} in (${kind === "number" ? "1, 2" : "one, other"}).`);
		const values = [this.value(attribute, kind)];
		while (this.isSign(",")) {
			this.at += 1;
			values.push(this.value(attribute, kind));
		}
		this.expect(")", "a comma or the closing parenthesis is missing here.");
		return values;
	}

	private value(attribute: string, kind: AttributeKind): string {
		const token = this.peek();
		if (kind === "number") return String(this.number(`${attribute} is a number.`));
		const isKeyword = token.type === "word" && KEYWORDS.has(token.value.toLowerCase());
		if (token.type === "sign" || token.type === "end" || isKeyword) {
			throw this.wrong(token, `a value of ${attribute} is missing here; between quotation marks it may be any text.`);
		}
		const value = sliceValue(token.value);
		const near = (names: Iterable<string>) => nearest(value, names).map(printValue);
		if (value === "") {
			const ways = [`not ${printName(attribute)}`];
			throw this.wrong(token, "an empty text is no value; those without one are found otherwise.", ways);
		}
		const known = this.offer?.get(attribute)?.values;
		if (known && !known.has(value)) {
			const some = [...known].slice(0, 10).map(printValue).join(", ");
			const suggestions = near(known);
			const all = suggestions.length > 0 ? "" : ` There ${known.size > 10 ? "are, among others" : "are"}: ${some}.`;
			throw this.wrong(token, `no test shopper’s ${attribute} is ${printValue(value)}.${all}`, suggestions);
		}
		this.at += 1;
		return value;
	}

	private peek(): Token {
		return this.tokens[this.at] ?? { type: "end", value: "", position: this.text.length, length: 0 };
	}

	private isWord(word: string, ahead = 0): boolean {
		const token = this.tokens[this.at + ahead];
		return token?.type === "word" && token.value.toLowerCase() === word;
	}

	private isSign(sign: string): boolean {
		return this.peek().type === "sign" && this.peek().value === sign;
	}

	private expect(sign: string, message: string): void {
		if (!this.isSign(sign)) throw this.wrong(this.peek(), message);
		this.at += 1;
	}

	private wrong({ position, length }: Token, message: string, suggestions: string[] = []): SliceError {
		return new SliceError(this.text, { position, length, message, suggestions });
	}
}

function negated(isNegated: boolean, test: SliceTest): Slice {
	return isNegated ? { type: "not", of: test } : test;
}

/** A name as it can be read again. */
export function printName(name: string): string {
	const key = name.startsWith("item.") ? name.slice("item.".length) : null;
	if (key === null || /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_-]*$/u.test(key)) return name;
	return `item.${quoted(key)}`;
}

/** A value as it can be read again: between quotation marks unless it is one plain word. */
export function printValue(value: string): string {
	const isPlain = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*$/u.test(value) && !KEYWORDS.has(value);
	return isPlain ? value : quoted(value);
}

function quoted(text: string): string {
	return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
