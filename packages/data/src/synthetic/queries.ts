import type { Need } from "./demand";
import type { Knobs } from "./knobs";
import { hashText, type Random } from "./random";
import { phrase } from "./titles";

/** What a query can name besides the product type. */
export type Term =
	| "department"
	| "colour"
	| "occasion"
	| "season"
	| "holiday"
	| "style"
	| "material"
	| "brand"
	| "size";

/** Chance that a first query names it. */
const NAMED: Record<Term, number> = {
	department: 0.45,
	colour: 0.28,
	occasion: 0.34,
	season: 0.13,
	holiday: 0.6,
	style: 0.33,
	material: 0.14,
	brand: 0.1,
	size: 0.07,
};
const TERMS: readonly Term[] = Object.keys(NAMED).filter((key): key is Term => key in NAMED);

/** A query as typed, and what the shopper meant by it. */
export interface Query {
	readonly text: string;
	/** Hash of the text: the search engine treats one wording alike every time. */
	readonly hash: number;
	readonly terms: readonly Term[];
}

export function firstTerms(need: Need, random: Random, knobs: Knobs): Term[] {
	const { named: share } = knobs.search;
	const named = TERMS.filter((term) => random.chance(NAMED[term] * share) && (term !== "holiday" || need.holiday));
	return random.sample(named, 4);
}

/** The next query's terms: mostly one more, sometimes one less. */
export function refineTerms(terms: readonly Term[], need: Need, random: Random): Term[] {
	const unsaid = TERMS.filter((term) => !terms.includes(term) && (term !== "holiday" || need.holiday));
	const next = random.chance(0.75) && unsaid.length > 0 ? [...terms, random.pick(unsaid)] : [...terms];
	if (next.length > 4 || random.chance(0.25)) next.splice(random.int(next.length), 1);
	return next;
}

/** Says a need in words: order, synonyms, `for`, a price limit and the odd slip of the finger vary. */
export function wordQuery(need: Need, terms: readonly Term[], random: Random): Query {
	const say = (term: Term): string => {
		if (term === "brand") return need.brand;
		const word = need[term];
		return word === undefined ? "" : phrase(word, random);
	};
	const placed = random
		.shuffle(terms)
		.map((term) => ({ term, text: say(term), first: random.chance(isAdjective(term) ? 0.9 : 0.3) }));
	const before = placed.filter(({ first }) => first).map(({ text }) => text);
	const rest = placed.filter(({ first }) => !first);
	const after = [...rest.filter(({ term }) => isUse(term)), ...rest.filter(({ term }) => !isUse(term))];
	const joined = after.map(({ text }) => text);
	const linked = after[0] && isUse(after[0].term) && random.chance(0.6) ? ["for", ...joined] : joined;
	const limit = random.chance(0.06) ? [`under ${Math.max(10, Math.round(need.price / 10) * 10)}`] : [];
	const words = [...before, random.pick(need.type.names), ...linked, ...limit].join(" ").toLowerCase();
	const clean = words
		.replace(/\bfor for\b/g, "for")
		.replace(/[“”"]/g, " inch")
		.replace(/ +/g, " ")
		.trim();
	const text = random.chance(0.03) ? slip(clean, random) : clean;
	return { text, hash: hashText(text), terms };
}

function isAdjective(term: Term): boolean {
	return term === "colour" || term === "style" || term === "material" || term === "brand";
}

/** What can stand after `for`: who, when or what it is worn for. */
function isUse(term: Term): boolean {
	return term === "department" || term === "occasion" || term === "season" || term === "holiday";
}

/** Leaves out one letter. */
function slip(text: string, random: Random): string {
	const at = 1 + random.int(Math.max(1, text.length - 2));
	return text[at] === " " ? text : text.slice(0, at) + text.slice(at + 1);
}
