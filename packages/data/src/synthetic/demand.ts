import { holidayAhead, seasonOn } from "./calendar";
import type { Family, Variant } from "./catalogue";
import type { Knobs } from "./knobs";
import type { Random } from "./random";
import { sharedWords } from "./vocabulary/shared";
import type { Holiday, ProductType, SizeSystem, Vocabulary, Word } from "./vocabulary/words";

/** What a shopper likes whatever the need of the day. */
export interface Shopper {
	readonly department: Word;
	readonly types: readonly ProductType[];
	readonly colours: readonly Word[];
	readonly styles: readonly Word[];
	readonly brands: readonly string[];
	/** The shopper's size in every size system of the category. */
	readonly sizes: ReadonlyMap<SizeSystem, Word>;
	/** Spends this many times the typical price. */
	readonly budget: number;
}

/** What one mission is after. */
export interface Need {
	readonly type: ProductType;
	readonly department: Word;
	readonly occasion: Word;
	readonly season: Word;
	readonly holiday: Holiday | undefined;
	readonly style: Word;
	readonly material: Word;
	readonly brand: string;
	readonly colour: Word;
	readonly size: Word;
	readonly price: number;
}

export function makeShopper(vocabulary: Vocabulary, random: Random): Shopper {
	const { audience, colours, brands } = sharedWords(vocabulary);
	const systems = [...new Set(vocabulary.types.map(({ sizes }) => sizes))];
	return {
		department: audience.departments[random.category(audience.shares)] ?? audience.departments[0],
		types: random.sample(vocabulary.types, 3),
		colours: random.sample(colours, 3),
		styles: random.sample(vocabulary.styles, 3),
		brands: random.sample(brands, 4),
		sizes: new Map(systems.map((system) => [system, random.pick(system.sizes)])),
		budget: 0.6 + random.next() * random.next() * 1.8,
	};
}

/** A need on that day: type and department mostly the shopper's own, season and holiday the calendar's. */
export function makeNeed(shopper: Shopper, day: number, vocabulary: Vocabulary, random: Random): Need {
	const { audience, colours, brands } = sharedWords(vocabulary);
	const season = seasonOn(day + 10);
	const department = random.chance(0.85) ? shopper.department : random.pick(audience.departments);
	const type =
		random.weighted(vocabulary.types, (candidate) => {
			if (candidate.departments && !candidate.departments.includes(department)) return 0;
			const own = shopper.types.includes(candidate) ? 3 : 1;
			return candidate.share * own * seasonLift(candidate, season);
		}) ?? random.pick(vocabulary.types);
	const ahead = holidayAhead(day);
	return {
		type,
		department,
		occasion: random.pick(type.occasions),
		season,
		holiday: ahead && random.chance(0.5) ? ahead : undefined,
		style: random.pick(random.chance(0.75) ? shopper.styles : vocabulary.styles),
		material: random.pick(vocabulary.materials),
		brand: random.chance(0.8) ? random.pick(shopper.brands) : random.pick(brands),
		colour: random.pick(random.chance(0.75) ? shopper.colours : colours),
		size: (random.chance(0.85) ? shopper.sizes.get(type.sizes) : undefined) ?? random.pick(type.sizes.sizes),
		price: type.price * shopper.budget,
	};
}

function seasonLift(type: ProductType, season: Word): number {
	if (!type.season) return 1;
	return type.season === season ? 2.5 : 0.75;
}

/** How well a family fits a need: a product of factors, 1 for a family about which nothing is known. */
export function fit(family: Family, need: Need, shopper: Shopper): number {
	let value = family.department === need.department ? 1 : 0.12;
	if (family.occasions.includes(need.occasion)) value *= 2.2;
	if (family.styles.includes(need.style)) value *= 2;
	if (family.material === need.material) value *= 1.5;
	if (family.brand === need.brand) value *= 2;
	else if (shopper.brands.includes(family.brand)) value *= 1.3;
	if (family.season) value *= family.season === need.season ? 1.9 : 0.3;
	if (family.holiday) value *= family.holiday === need.holiday ? 3 : 0.3;
	const dearer = family.price / need.price;
	return value / (1 + (dearer > 1 ? 2 * (dearer - 1) * (dearer - 1) : 0.3 * (1 - dearer)));
}

/** Weight of a variant for a need: popular in its family, in the wanted colour, in the right size. */
export function variantFit(variant: Variant, need: Need, knobs: Knobs): number {
	const { wantedColour, wantedSize } = knobs.shopper;
	return (
		variant.weight * (variant.colour === need.colour ? wantedColour : 1) * (variant.size === need.size ? wantedSize : 1)
	);
}
