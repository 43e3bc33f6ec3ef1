import { appealOn, type Catalogue, type Family, isOnSale, type Variant } from "./catalogue";
import type { Need } from "./demand";
import type { Knobs } from "./knobs";
import type { Query, Term } from "./queries";
import { hashText, type Random, unitHash } from "./random";
import type { ProductType } from "./vocabulary/words";

/** One search result: a family, shown by one of its variants, at an organic position from 1. */
export interface Shown {
	readonly family: Family;
	readonly variant: Variant;
	readonly position: number;
}

/** What the engine thinks a matching term is worth. */
const WORTH: Record<Exclude<Term, "colour" | "size">, number> = {
	department: 1.6,
	occasion: 1.3,
	season: 0.9,
	holiday: 1.4,
	style: 1.4,
	material: 1.3,
	brand: 1.8,
};
const TERM_SALTS = new Map<Term, number>(
	(["department", "colour", "occasion", "season", "holiday", "style", "material", "brand", "size"] as const).map(
		(term) => [term, hashText(term)],
	),
);

/**
 * A search engine that is good but not perfect. It ranks the product type's families on sale by the query terms that it
 * understands, appeal and noise. Whether it understands a term, and part of the noise, hang on the wording, so that two
 * wordings of one need give lists that overlap and differ. Cost: the families of one type.
 */
export class SearchEngine {
	readonly #catalogue: Catalogue;
	readonly #types: readonly ProductType[];
	readonly #knobs: Knobs;

	constructor(catalogue: Catalogue, knobs: Knobs) {
		this.#catalogue = catalogue;
		this.#types = [...catalogue.byType.keys()];
		this.#knobs = knobs;
	}

	/** The first page of results on that day. */
	search(query: Query, need: Need, day: number, random: Random): Shown[] {
		const { search } = this.#knobs;
		const terms = query.terms.filter((term) => unitHash(query.hash, TERM_SALTS.get(term) ?? 0) >= search.missed);
		const page = new BestOf<Family>(search.pageSize);
		for (const family of this.onSale(need.type, day)) {
			let score = appealOn(family, day, this.#knobs);
			for (const term of terms) if (matches(family, need, term)) score += worth(term);
			score += search.wordingNoise * unitHash(query.hash, family.index);
			score += search.visitNoise * random.next();
			page.offer(family, score);
		}
		const results = page.sorted().map((family) => {
			return random.chance(search.strayResults) ? (this.#stray(day, random) ?? family) : family;
		});
		return [...new Set(results)].map((family, index) => ({
			family,
			variant: this.#showcase(family, need, terms, random),
			position: index + 1,
		}));
	}

	/** Families of a type that can be bought on that day. */
	*onSale(type: ProductType, day: number): Generator<Family> {
		for (const family of this.#catalogue.byType.get(type) ?? []) if (isOnSale(family, day)) yield family;
	}

	#stray(day: number, random: Random): Family | undefined {
		const families = this.#catalogue.byType.get(random.pick(this.#types)) ?? [];
		const family = families[random.int(families.length)];
		return family && isOnSale(family, day) ? family : undefined;
	}

	#showcase(family: Family, need: Need, terms: readonly Term[], random: Random): Variant {
		const wanted = family.variants.filter(
			({ colour, size }) =>
				(!terms.includes("colour") || colour === need.colour) && (!terms.includes("size") || size === need.size),
		);
		const choice = wanted.length > 0 ? wanted : family.variants;
		const [hero] = choice;
		if (hero && random.chance(this.#knobs.search.heroShown)) return hero;
		return random.weighted(choice, ({ weight }) => weight) ?? random.pick(choice);
	}
}

/** Colour and size belong to variants: they change what is shown of a family, not its rank. */
function worth(term: Term): number {
	return term === "colour" || term === "size" ? 0.5 : WORTH[term];
}

function matches(family: Family, need: Need, term: Term): boolean {
	switch (term) {
		case "department":
			return family.department === need.department;
		case "occasion":
			return family.occasions.includes(need.occasion);
		case "season":
			return family.season === need.season;
		case "holiday":
			return family.holiday !== undefined && family.holiday === need.holiday;
		case "style":
			return family.styles.includes(need.style);
		case "material":
			return family.material === need.material;
		case "brand":
			return family.brand === need.brand;
		case "colour":
			return family.variants.some(({ colour }) => colour === need.colour);
		case "size":
			return family.variants.some(({ size }) => size === need.size);
	}
}

/** Keeps the `size` values of highest score without sorting the rest. */
class BestOf<T> {
	readonly #entries: { value: T; score: number }[] = [];
	readonly #size: number;

	constructor(size: number) {
		this.#size = size;
	}

	offer(value: T, score: number): void {
		const worst = this.#entries.at(-1);
		if (this.#entries.length === this.#size && worst && worst.score >= score) return;
		let at = this.#entries.length;
		while (at > 0 && (this.#entries[at - 1]?.score ?? 0) < score) at--;
		this.#entries.splice(at, 0, { value, score });
		if (this.#entries.length > this.#size) this.#entries.pop();
	}

	sorted(): T[] {
		return this.#entries.map(({ value }) => value);
	}
}
