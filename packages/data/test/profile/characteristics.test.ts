import { expect, test } from "vitest";
import { characterise, type TinyEvent, type TinyItem } from "./tiny-log";

const named = (...keys: string[]): TinyItem[] => keys.map((item_id) => ({ item_id }));

test("C1: products launched within the log are new, those before and after it are not", async () => {
	const launched = (item_id: string, launched_at: string) => ({ item_id, launched_at });
	const items = [
		launched("old", "2024-12-01"),
		launched("a", "2025-01-10"),
		launched("b", "2025-02-03"),
		launched("c", "2025-02-20"),
		launched("later", "2025-04-01"),
	];
	// 60 days and 21 hours: two months of 30.4375 days.
	const { turnover } = await characterise(items, [
		["u", "click", "old", "01-01T00:00:00"],
		["u", "purchase", "a", "03-02T21:00:00"],
	]);
	expect(turnover.newProducts).toEqual({
		available: true,
		basis: "launch",
		perMonth: 1.5,
		shareOfCatalogue: 0.3,
		months: [
			{ month: "2025-01", products: 1 },
			{ month: "2025-02", products: 2 },
			{ month: "2025-03", products: 0 },
		],
	});
});

test("C1: without launches a product is new at its first interaction, and the log's first month does not count", async () => {
	const { turnover } = await characterise(named("a", "b", "c", "d", "never"), [
		["u", "click", "a", "01-01T00:00:00"],
		["u", "click", "b", "01-20"],
		["u", "click", "c", "02-10"],
		["u", "click", "a", "02-11"],
		["u", "purchase", "d", "03-02T21:00:00"],
	]);
	expect(turnover.newProducts).toMatchObject({ basis: "first interaction", perMonth: 2, shareOfCatalogue: 0.4 });
	expect(turnover.newProducts).toMatchObject({
		months: [
			{ month: "2025-01", products: 2 },
			{ month: "2025-02", products: 1 },
			{ month: "2025-03", products: 1 },
		],
	});
});

test("C1: a last purchase is unseen when no shopper's training part holds the item", async () => {
	const log: TinyEvent[] = [
		// Two purchases: the second is the test, what comes before it is training, less clicks on what is bought.
		["u1", "purchase", "a", "01-01"],
		["u1", "click", "b", "01-02"],
		["u1", "purchase", "b", "01-03"],
		// Three: the second is held out for validation too, so `c` is in no training part.
		["u2", "purchase", "a", "01-01"],
		["u2", "purchase", "c", "02-01"],
		["u2", "purchase", "d", "02-02"],
		// One: all of it is training; `d` was clicked here.
		["u3", "click", "d", "01-05"],
		["u3", "purchase", "a", "01-06"],
		["u4", "purchase", "a", "01-01"],
		["u4", "purchase", "c", "02-03"],
	];
	const { turnover } = await characterise(named("a", "b", "c", "d"), log);
	// u1: b unseen. u2: d seen by u3. u4: c unseen.
	expect(turnover.unseen).toMatchObject({
		purchases: 3,
		unseen: 2,
		share: 2 / 3,
		months: [
			{ month: "2025-01", purchases: 1, unseen: 1 },
			{ month: "2025-02", purchases: 2, unseen: 1 },
		],
	});
});

const KINDS: TinyItem[] = [
	{ item_id: "red", family: "f", category: "Tops" },
	{ item_id: "blue", family: "f", category: "Tops" },
	{ item_id: "other", family: "g", category: "Tops" },
	{ item_id: "shoe", family: "h", category: "Shoes" },
	{ item_id: "bare" },
];

test("C2: compared are the distinct products clicked since the previous purchase, without the one bought", async () => {
	const { comparisons } = await characterise(KINDS, [
		["u1", "search", "red top", "01-01"],
		["u1", "click", "blue", "01-02"],
		["u1", "click", "blue", "01-03"],
		["u1", "click", "red", "01-04"],
		["u1", "click", "other", "01-05"],
		["u1", "click", "shoe", "01-06"],
		["u1", "purchase", "red", "01-07"],
		["u1", "purchase", "shoe", "01-08"],
		["u2", "click", "red", "01-01"],
		["u2", "click", "bare", "01-02"],
		["u2", "purchase", "blue", "01-03"],
		["u2", "click", "shoe", "01-04"],
	]);
	// Purchases led to by 7, 1 and 3 interactions; u2's last click leads to none.
	expect(comparisons.interactionsPerSequence).toBe(6);
	expect(comparisons.interactionsPerPurchase).toEqual({ available: true, mean: 11 / 3, purchases: 3 });
	// red: blue, other, shoe. shoe: nothing. blue: red, bare.
	const { compared } = comparisons;
	expect(compared).toMatchObject({ available: true, mean: 5 / 3, purchases: 3 });
	const bins = compared.available ? compared.bins.map(({ purchases }) => purchases) : [];
	expect(bins).toEqual([1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
	// Of the four pairs in which both have a family: blue and red are of red's and blue's.
	expect(compared).toMatchObject({ sameFamily: 2 / 4, sameCategory: 3 / 4 });
});

test("C2: the last bin holds every purchase from there on", async () => {
	const keys = Array.from({ length: 13 }, (_, index) => `i${index}`);
	const { comparisons } = await characterise(named(...keys, "bought"), [
		...keys.map((key): TinyEvent => ["u", "click", key]),
		["u", "purchase", "bought"],
	]);
	expect(comparisons.compared).toMatchObject({ mean: 13, sameFamily: null, sameCategory: null });
	expect(comparisons.compared.available && comparisons.compared.bins.at(-1)).toEqual({ products: 10, purchases: 1 });
});

/** `count` shoppers who buy `item` on a day. */
const buyers = (item: string, count: number, day: string): TinyEvent[] =>
	Array.from({ length: count }, (_, index): TinyEvent => [`${item}-${day}-${index}`, "purchase", item, day]);

test("C3: lift is a value's share in a month over all purchases' share in it; an item counts for each of its values", async () => {
	const { attributeDriven } = await characterise(
		[
			{ item_id: "sandal", season: "Summer", occasion: "Beach, Travel" },
			{ item_id: "boot", season: "Winter" },
			{ item_id: "plain", season: "" },
		],
		[
			...buyers("sandal", 10, "01-10"),
			...buyers("sandal", 30, "07-10"),
			...buyers("boot", 30, "01-10"),
			...buyers("boot", 10, "07-10"),
			...buyers("plain", 10, "01-10"),
			...buyers("plain", 10, "07-10"),
		],
	);
	if (!attributeDriven.available) throw new Error(attributeDriven.reason);
	expect(attributeDriven.months).toEqual([
		{ month: 1, purchases: 50 },
		{ month: 7, purchases: 50 },
	]);
	expect(attributeDriven.missing).toEqual(["holiday"]);
	const [season, occasion] = attributeDriven.attributes;
	const lifts = season?.rows.map(({ value, cells }) => [value, ...cells.map(({ lift }) => lift)]);
	// Half of all purchases fall in each month; 3/4 of Summer's in July: 0.75 / 0.5.
	expect(lifts).toEqual([
		["Summer", 0.5, 1.5],
		["Winter", 1.5, 0.5],
	]);
	// χ² = 4 cells × 10² / 20 = 20; df 2; n 80.
	expect(season).toMatchObject({ coverage: 0.8, cells: 4, cellsApart: 4 });
	expect(season?.swing).toBeCloseTo(Math.sqrt(18 / 80), 12);
	expect(occasion?.rows.map(({ value, purchases }) => [value, purchases])).toEqual([
		["Beach", 40],
		["Travel", 40],
	]);
	expect(occasion?.coverage).toBe(0.4);
});

test("C4: unique queries a day count days without a search, and a query is shared when another shopper types it", async () => {
	const { queryDiversity } = await characterise(named("a", "b"), [
		["u1", "search", "dress", "01-30T08:00:00"],
		["u1", "search", "dress", "01-30T09:00:00"],
		["u1", "search", "red dress", "01-30T23:59:59"],
		["u1", "purchase", "a", "01-31"],
		["u2", "search", "dress", "02-02"],
		["u2", "purchase", "b", "02-03"],
		["u3", "purchase", "b", "02-03"],
	]);
	expect(queryDiversity).toEqual({
		available: true,
		searches: 4,
		distinct: 2,
		distinctShare: 0.5,
		distinctPerPurchase: 2 / 3,
		distinctPerUser: 1,
		// dress, three times, by two shoppers.
		sharedBetweenUsers: 0.75,
		// 30 January: 2, 31 January and 1 February: 0, 2 February: 1.
		perDay: {
			available: true,
			mean: 0.75,
			days: 4,
			months: [
				{ month: "2025-01", mean: 1, days: 2 },
				{ month: "2025-02", mean: 0.5, days: 2 },
			],
		},
	});
});

test("a log without times, clicks, queries and attributes says why each part is missing", async () => {
	const { turnover, comparisons, attributeDriven, queryDiversity } = await characterise(named("a", "b"), [
		["u", "purchase", "a"],
		["u", "purchase", "b"],
	]);
	expect(turnover.newProducts).toMatchObject({ available: false, reason: expect.stringContaining("no times") });
	expect(turnover.unseen).toMatchObject({ available: true, share: 1, months: [] });
	expect(comparisons.compared).toMatchObject({ available: false, reason: expect.stringContaining("no clicks") });
	expect(attributeDriven).toMatchObject({ available: false, reason: expect.stringContaining("time") });
	expect(queryDiversity).toMatchObject({ available: false, reason: expect.stringContaining("no searches") });
});

test("a log without purchases says so, and searches without times have no days", async () => {
	const { turnover, comparisons, queryDiversity } = await characterise(named("a"), [
		["u", "search", "a"],
		["u", "click", "a"],
	]);
	expect(turnover.unseen).toMatchObject({ available: false });
	expect(comparisons).toMatchObject({ interactionsPerPurchase: { available: false }, compared: { available: false } });
	expect(queryDiversity).toMatchObject({ distinct: 1, distinctPerPurchase: null, perDay: { available: false } });
});
