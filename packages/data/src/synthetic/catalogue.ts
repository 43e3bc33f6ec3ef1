import type { Knobs } from "./knobs";
import type { Random } from "./random";
import { HOLIDAYS, SEASONS, sharedWords } from "./vocabulary/shared";
import type { Holiday, ProductType, Vocabulary, Word } from "./vocabulary/words";

/** One item: a family in one colour and size. */
export interface Variant {
	readonly key: string;
	readonly family: Family;
	readonly colour: Word;
	readonly size: Word;
	/** Popularity within the family. */
	readonly weight: number;
	readonly price: number;
}

/** One style of one brand. Its variants are the items. */
export interface Family {
	readonly index: number;
	readonly type: ProductType;
	readonly brand: string;
	readonly department: Word;
	readonly styles: readonly Word[];
	readonly material: Word;
	readonly occasions: readonly Word[];
	readonly season: Word | undefined;
	readonly holiday: Holiday | undefined;
	readonly price: number;
	readonly appeal: number;
	/** Day of the log on which it comes on sale; negative before the log starts. */
	readonly launchDay: number;
	/** First day on which it is no longer sold. */
	readonly endDay: number;
	/** The most popular variant first. */
	readonly variants: readonly Variant[];
}

export interface Catalogue {
	readonly families: readonly Family[];
	readonly byType: ReadonlyMap<ProductType, readonly Family[]>;
	readonly items: number;
}

/** Families until their variants fill `itemCount`; the last one is cut to fit. */
export function buildCatalogue(vocabulary: Vocabulary, itemCount: number, random: Random, knobs: Knobs): Catalogue {
	const families: Family[] = [];
	const houseStyles = new Map(
		sharedWords(vocabulary).brands.map((brand) => [brand, random.sample(vocabulary.styles, 4)]),
	);
	const keys = keySequence(vocabulary.prefix, random);
	let items = 0;
	while (items < itemCount) {
		const family = buildFamily(families.length, vocabulary, houseStyles, random, knobs);
		const variants = buildVariants(family, vocabulary, keys, itemCount - items, random, knobs);
		items += variants.length;
		families.push(Object.assign(family, { variants }));
	}
	const byType = new Map(vocabulary.types.map((type) => [type, families.filter((family) => family.type === type)]));
	return { families, byType, items };
}

function buildFamily(
	index: number,
	vocabulary: Vocabulary,
	houseStyles: ReadonlyMap<string, readonly Word[]>,
	random: Random,
	knobs: Knobs,
): Family {
	const { catalogue, days, launchedBefore } = knobs;
	const type = random.weighted(vocabulary.types, ({ share }) => share) ?? random.pick(vocabulary.types);
	const { audience, brands } = sharedWords(vocabulary);
	const brand = random.weighted(brands, (_, rank) => 1 / (rank + 6)) ?? random.pick(brands);
	const departments = type.departments ?? audience.departments;
	const department =
		random.weighted(departments, (word) => audience.shares[audience.departments.indexOf(word)] ?? 0) ??
		random.pick(departments);
	const evergreen = random.chance(catalogue.evergreen);
	const launchDay = evergreen ? -random.between(200, 900) : random.between(-launchedBefore, days - 5);
	const { shortest, longest } = catalogue.shelfLife;
	const ownSeason = random.chance(0.6) ? type.season : undefined;
	const price = type.price * (0.5 + random.next() * random.next() * 2.2);
	return {
		index,
		type,
		brand,
		department,
		styles: random.sample(houseStyles.get(brand) ?? vocabulary.styles, 1 + random.int(2)),
		material: random.pick(vocabulary.materials),
		occasions: random.sample(type.occasions, random.int(3)),
		season: random.chance(catalogue.withSeason) ? (ownSeason ?? random.pick(SEASONS)) : undefined,
		holiday: random.chance(catalogue.withHoliday) ? random.pick(HOLIDAYS) : undefined,
		price,
		appeal: 1 + catalogue.appealSpread * (2 * random.next() - 1),
		launchDay,
		endDay: evergreen ? Number.POSITIVE_INFINITY : launchDay + random.between(shortest, longest),
		variants: [],
	};
}

function buildVariants(
	family: Family,
	vocabulary: Vocabulary,
	keys: Iterator<string, never>,
	most: number,
	random: Random,
	knobs: Knobs,
): Variant[] {
	const { colours, sizes, colourSkew, sizeSkew } = knobs.catalogue;
	const ownColours = random.sample(sharedWords(vocabulary).colours, 1 + random.category(colours));
	const system = family.type.sizes.sizes;
	const ownSizes = random.sample(system, Math.min(system.length, 1 + random.category(sizes)));
	const variants = ownColours.flatMap((colour, colourRank) =>
		ownSizes.map((size, sizeRank) => ({
			key: "",
			family,
			colour,
			size,
			weight: rankWeight(colourRank, colourSkew) * rankWeight(sizeRank, sizeSkew),
			price: Math.round(family.price * (1 + 0.06 * system.indexOf(size))) - 0.01,
		})),
	);
	return variants
		.sort((left, right) => right.weight - left.weight)
		.slice(0, most)
		.map((variant) => ({ ...variant, key: keys.next().value }));
}

/** Between 1/rank (skew 0) and 1/rank² (skew 1), rank from 1. */
function rankWeight(rank: number, skew: number): number {
	const slow = 1 / (rank + 1);
	return slow * (1 - skew + skew * slow);
}

/** Item keys that say nothing of family or order: multiples of a random factor modulo a prime. */
function* keySequence(prefix: string, random: Random): Generator<string, never> {
	const prime = 9_999_991;
	const step = 1_000_000 + random.int(8_000_000);
	for (let key = step; ; key = (key + step) % prime) yield `${prefix}${String(key).padStart(7, "0")}`;
}

/** How much a family draws on that day: its appeal, lifted while it is new. */
export function appealOn(family: Family, day: number, knobs: Knobs): number {
	const { launchBoost, launchDays } = knobs.catalogue;
	const age = day - family.launchDay;
	return family.appeal + (age < launchDays ? launchBoost * (1 - age / launchDays) : 0);
}

export function isOnSale(family: Family, day: number): boolean {
	return family.launchDay <= day && day < family.endDay;
}
