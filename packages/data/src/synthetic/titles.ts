import type { Family, Variant } from "./catalogue";
import { Random } from "./random";
import type { Vocabulary, Word } from "./vocabulary/words";

/** One of the ways to write a word; the plain name half of the time. */
export function phrase(word: Word, random: Random): string {
	return random.chance(0.5) || word.phrases.length === 0 ? word.name : random.pick(word.phrases);
}

/**
 * Titles of a family's variants, in the manner of marketplace sellers: some attributes are said, some left out, one
 * product type gets two names, keywords pile up, and colour and size hang at the end in one of several punctuations.
 */
export function familyTitles(family: Family, vocabulary: Vocabulary, seed: string): string[] {
	const random = new Random(`${seed}/title/${family.index}`);
	const lead = [
		...(random.chance(0.88) ? [random.chance(0.15) ? family.brand.toUpperCase() : family.brand] : []),
		...(random.chance(0.8) ? [phrase(family.department, random).replace(/^for /, "")] : []),
		...family.styles.filter(() => random.chance(0.8)).map((style) => phrase(style, random)),
		...(random.chance(0.75) ? [phrase(family.material, random)] : []),
	];
	const names = random.sample(family.type.names, random.chance(0.35) ? 2 : 1).map(titleCase);
	const features = random.sample(vocabulary.features, random.int(4));
	const uses = [
		...family.occasions.filter(() => random.chance(0.75)),
		...(family.season && random.chance(0.65) ? [family.season] : []),
		...(family.holiday && random.chance(0.85) ? [family.holiday] : []),
	].map((use) => phrase(use, random).replace(/^for /, ""));
	const joint = random.pick([", ", " ", " - ", " | "]);
	const body = [
		[...lead, names[0]].join(" "),
		...(names[1] ? [names[1]] : []),
		...(features.length > 0 ? [random.chance(0.4) ? `with ${features.join(" ")}` : features.join(joint)] : []),
		...(uses.length > 0 ? [random.chance(0.6) ? `for ${uses.join(" ")}` : uses.join(" ")] : []),
	].join(joint);
	const suffix = random.int(4);
	const [saysColour, saysSize] = [random.chance(0.85), random.chance(0.7)];
	return family.variants.map((variant) => {
		const tail = [
			...(saysColour ? [phrase(variant.colour, random)] : []),
			...(saysSize ? [phrase(variant.size, random)] : []),
		];
		return tail.length === 0 ? body : withTail(body, tail, suffix);
	});
}

function withTail(body: string, tail: readonly string[], form: number): string {
	switch (form) {
		case 0:
			return `${body} (${tail.join(", ")})`;
		case 1:
			return `${body}, ${tail.join(", ")}`;
		case 2:
			return `${body} - ${tail.join(" / ")}`;
		default:
			return `${body} ${tail.join(" ")}`;
	}
}

function titleCase(text: string): string {
	return text.replace(/(^|[ -])([a-z])/g, (_, gap: string, letter: string) => gap + letter.toUpperCase());
}

/** The columns of `items.csv`. */
export const ITEM_COLUMNS = [
	"item_id",
	"title",
	"category",
	"brand",
	"color",
	"size",
	"season",
	"holiday",
	"occasion",
	"family",
	"price",
	"launched_at",
] as const;

/** Values of `ITEM_COLUMNS` for one variant. */
export function itemRow(variant: Variant, title: string, familyKey: string, launchedAt: string): string[] {
	const { family } = variant;
	return [
		variant.key,
		title,
		family.type.title,
		family.brand,
		variant.colour.name,
		variant.size.name,
		family.season?.name ?? "",
		family.holiday?.name ?? "",
		family.occasions.map(({ name }) => name).join(", "),
		familyKey,
		variant.price.toFixed(2),
		launchedAt,
	];
}
