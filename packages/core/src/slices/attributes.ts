/** Flags are set or not, numbers are compared, categories hold one text or several. */
export type AttributeKind = "flag" | "number" | "category";

export interface SliceAttribute {
	/** As it is written in a slice. */
	name: string;
	kind: AttributeKind;
	/** What it is an attribute of: the test example, the same for every run, or a run and what it showed the model. */
	about: "example" | "run";
	/** As a person reads it. */
	title: string;
	description: string;
	/** A slice that uses it. */
	sample: string;
	/** Where the groups of a table begin, for numbers that take many values; each value is a group without. */
	bins?: readonly number[];
}

/** Every attribute but those of the items themselves, which are written `item.NAME`. docs/slices.md says how each is computed. */
export const SLICE_ATTRIBUTES: readonly SliceAttribute[] = [
	{
		name: "cold",
		kind: "flag",
		about: "example",
		title: "Cold target",
		description: "No training event holds the item that was bought.",
		sample: "cold",
	},
	{
		name: "history",
		kind: "number",
		about: "example",
		title: "History length",
		description: "Events before the purchase: searches, clicks and purchases.",
		sample: "history >= 5",
		bins: [1, 2, 3, 5, 10, 20, 50],
	},
	{
		name: "comparisons",
		kind: "number",
		about: "example",
		title: "Products compared",
		description: "Different products clicked in the session of the purchase, before it.",
		sample: "comparisons >= 3",
		bins: [0, 1, 2, 3, 5, 10],
	},
	{
		name: "sessions",
		kind: "number",
		about: "example",
		title: "Sessions",
		description: "Sessions of the shopper up to and with that of the purchase.",
		sample: "sessions = 1",
		bins: [1, 2, 3, 5, 10],
	},
	{
		name: "query",
		kind: "flag",
		about: "example",
		title: "Searched",
		description: "The session of the purchase has a search before it.",
		sample: "not query",
	},
	{
		name: "query-rarity",
		kind: "number",
		about: "example",
		title: "Query rarity",
		description: "Times that the last search before the purchase was made in training: the lower, the rarer.",
		sample: "query-rarity <= 3",
		bins: [0, 1, 2, 4, 11, 31],
	},
	{
		name: "month",
		kind: "number",
		about: "example",
		title: "Month",
		description: "Month of the purchase, 1 to 12.",
		sample: "month in (11, 12)",
	},
	{
		name: "season",
		kind: "category",
		about: "example",
		title: "Season",
		description: "Season of the item that was bought.",
		sample: "not season = winter",
	},
	{
		name: "occasion",
		kind: "category",
		about: "example",
		title: "Occasion",
		description: "Occasion of the item that was bought.",
		sample: "occasion = work",
	},
	{
		name: "holiday",
		kind: "category",
		about: "example",
		title: "Holiday",
		description: "Holiday of the item that was bought.",
		sample: "holiday",
	},
	{
		name: "category",
		kind: "category",
		about: "example",
		title: "Category",
		description: "Category of the item that was bought.",
		sample: 'category in (shirts, "dress shoes")',
	},
	{
		name: "brand",
		kind: "category",
		about: "example",
		title: "Brand",
		description: "Brand of the item that was bought.",
		sample: 'brand = "north & sons"',
	},
	{
		name: "popularity",
		kind: "number",
		about: "example",
		title: "Popularity decile",
		description: "Decile of the item among those of the training events, by how many it has: 10 is the most popular.",
		sample: "popularity <= 3",
	},
	{
		name: "price-band",
		kind: "number",
		about: "example",
		title: "Price band",
		description: "Fifth of the catalogue that the price of the item falls into: 1 is the cheapest.",
		sample: "price-band = 5",
	},
	{
		name: "target-in-candidates",
		kind: "flag",
		about: "run",
		title: "Target among the candidates",
		description: "The item that was bought is one of the candidates in the prompt.",
		sample: "target-in-candidates",
	},
	{
		name: "answer-in-candidates",
		kind: "flag",
		about: "run",
		title: "Answer among the candidates",
		description: "The item that the model answered with is one of the candidates in the prompt.",
		sample: "not answer-in-candidates",
	},
];

/** What a slice of an item's own attribute begins with. */
const ITEM = "item.";

/** Item attributes that have a name of their own. */
const ITEM_NAMES: ReadonlySet<string> = new Set(["season", "occasion", "holiday", "category", "brand"]);

/** `item.fabric`; of `season` and the like the name that it has without. */
export function itemAttributeName(key: string): string {
	const name = key.trim().replace(/\s+/g, " ").toLowerCase();
	return ITEM_NAMES.has(name) ? name : `${ITEM}${name}`;
}

/** The key of the items' attributes that an attribute reads, in lower case; null for those that are computed. */
export function itemKeyOf(name: string): string | null {
	if (ITEM_NAMES.has(name)) return name;
	return name.startsWith(ITEM) ? name.slice(ITEM.length) : null;
}

/** An attribute by its name; any `item.NAME` is one. */
export function findAttribute(name: string): SliceAttribute | null {
	const known = SLICE_ATTRIBUTES.find((attribute) => attribute.name === name);
	if (known !== undefined) return known;
	const key = itemKeyOf(name);
	if (key === null || key === "") return null;
	return {
		name,
		kind: "category",
		about: "example",
		title: `Item’s ${key}`,
		description: `The item’s own attribute ${key}.`,
		sample: name,
	};
}
