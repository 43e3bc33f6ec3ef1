import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyStore, failureOf, folderWith, importInto, lines, logOf, quarantineOf, tableRows } from "./fixture";

describe("sequences", () => {
	it("each line is one user's purchases in order, without times", async () => {
		const folder = await folderWith({ "log.txt": lines("7 3 1 2", "8 1", "", "9") });
		const request = { path: join(folder, "log.txt"), format: "sequences" as const, maxRejectedShare: 0.5 };
		const outcome = await importInto(await emptyStore(), request);
		expect(await logOf(outcome, "7")).toEqual(["purchase 3", "purchase 1", "purchase 2"]);
		expect(await logOf(outcome, "8")).toEqual(["purchase 1"]);
		expect(await quarantineOf(outcome)).toEqual(["log.txt:4 user without items"]);
		expect(outcome.manifest).toMatchObject({
			hasTimes: false,
			queriesDerived: false,
			counts: { items: 3, purchases: 4 },
		});
	});

	it("an item file gives titles and attributes, and items that nobody bought", async () => {
		const folder = await folderWith({
			"log.txt": lines("u 1 2 1"),
			"items.csv": lines("item_id,asin,brand,attributes", "1,B00,OPI,Makeup|Nails", "2,B01,,", "3,B02,Acme,Hats"),
		});
		const outcome = await importInto(await emptyStore(), {
			path: join(folder, "log.txt"),
			format: "sequences",
			itemsPath: join(folder, "items.csv"),
		});
		expect(await tableRows(outcome, "items", "item_key")).toMatchObject([
			{ item_key: "1", title: "Makeup Nails", attributes: '{"category":"Makeup, Nails","brand":"OPI"}' },
			{ item_key: "2", title: "2", attributes: "{}" },
			{ item_key: "3", title: "Hats" },
		]);
	});
});

describe("an item file beside the sequences", () => {
	const LOG = lines("u 1 2 1");

	it("is taken without being named", async () => {
		const folder = await folderWith({
			"shop.v1.txt": LOG,
			"shop.v1_items.csv": lines("item_id,attributes", "1,Makeup", "2,Hats", "9,Shoes"),
		});
		const outcome = await importInto(await emptyStore(), { path: join(folder, "shop.v1.txt"), format: "sequences" });
		const titles = (await tableRows(outcome, "items", "item_key")).map((row) => row.title);
		expect(titles).toEqual(["Makeup", "Hats", "Shoes"]);
	});

	it("gives way to one that is named", async () => {
		const folder = await folderWith({
			"shop.txt": LOG,
			"shop_items.csv": lines("item_id,title", "1,one", "2,two"),
			"other.csv": lines("item_id,title", "1,first", "2,second"),
		});
		const outcome = await importInto(await emptyStore(), {
			path: join(folder, "shop.txt"),
			format: "sequences",
			itemsPath: join(folder, "other.csv"),
		});
		const titles = (await tableRows(outcome, "items", "item_key")).map((row) => row.title);
		expect(titles).toEqual(["first", "second"]);
	});
});

describe("recbole", () => {
	const ITEM = lines(
		"item_id:token\ttitle:token_seq\tbrand:token\tprice:float",
		'a\t"Red" bag\tAcme\t9.5',
		"b\tShoe\t\t",
	);

	it("interactions are purchases in the order of their timestamps", async () => {
		const path = await folderWith({
			"shop.item": ITEM,
			"shop.inter": lines(
				"user_id:token\titem_id:token\trating:float\ttimestamp:float",
				"u\ta\t5\t1704102001.5",
				"u\tb\t4\t1704102000",
			),
		});
		const outcome = await importInto(await emptyStore(), { path, format: "recbole" });
		expect(await logOf(outcome, "u")).toEqual(["purchase b", "purchase a"]);
		expect(await tableRows(outcome, "items", "item_key")).toMatchObject([
			{ title: '"Red" bag', attributes: '{"brand":"Acme"}', price: 9.5 },
			{ title: "Shoe", attributes: "{}", price: null },
		]);
	});

	it("a behaviour column tells clicks from purchases, and a word that it does not know is quarantined", async () => {
		const path = await folderWith({
			"shop.inter": lines(
				"user_id:token\titem_id:token\tbehavior:token",
				"u\ta\tview",
				"u\ta\tcart",
				"u\ta\tbuy",
				"u\ta\tdream",
			),
		});
		const outcome = await importInto(await emptyStore(), {
			path: join(path, "shop.inter"),
			format: "recbole",
			maxRejectedShare: 0.5,
		});
		expect(await logOf(outcome, "u")).toEqual(["click a", "click a", "purchase a"]);
		expect(await quarantineOf(outcome)).toEqual(["shop.inter:5 action is not search, click or purchase"]);
	});

	it("a header without types is refused", async () => {
		const path = await folderWith({ "shop.inter": lines("user_id\titem_id", "u\ta") });
		const error = await failureOf({ path, format: "recbole" });
		expect(error.message).toMatch(/column "user_id" is no RecBole field/);
	});

	it("a folder with two logs is refused rather than guessed at", async () => {
		const path = await folderWith({ "a.inter": "x", "b.inter": "x" });
		expect(await failureOf({ path, format: "recbole" })).toMatchObject({ code: "BAD_REQUEST" });
	});
});

describe("amazon-reviews", () => {
	const META = lines(
		JSON.stringify({
			parent_asin: "A1",
			title: "Acme Rain Boots",
			store: "Acme",
			main_category: "AMAZON FASHION",
			categories: ["Clothing", "Women", "Rain Footwear"],
			details: { Color: "Yellow", Department: "womens", "Date First Available": "March 5, 2018" },
			price: 39.5,
			images: [{ large: "x" }],
		}),
		JSON.stringify({
			parent_asin: "A2",
			title: "Plain Hat",
			store: null,
			main_category: "AMAZON FASHION",
			categories: [],
			details: {},
			price: "from 3",
		}),
	);
	const REVIEWS = lines(
		JSON.stringify({
			rating: 5,
			user_id: "u",
			parent_asin: "A2",
			timestamp: 1704102001000,
			text: 'said "fine"\nand more',
		}),
		JSON.stringify({ rating: 1, user_id: "u", parent_asin: "A1", timestamp: 1704102000000 }),
		"{broken",
		JSON.stringify({ rating: 1, user_id: "u", parent_asin: "A9", timestamp: 1704102000000 }),
	);

	it("reviews are purchases, each after a search derived from the leaf of its category path", async () => {
		const path = await folderWith({ "meta_AMAZON_FASHION.jsonl.gz": META, "AMAZON_FASHION.jsonl.gz": REVIEWS });
		const outcome = await importInto(await emptyStore(), { path, format: "amazon-reviews", maxRejectedShare: 0.5 });
		expect(await logOf(outcome, "u")).toEqual(['derived search "rain footwear"', "purchase A1", "purchase A2"]);
		expect(outcome.manifest.queriesDerived).toBe(true);
		expect(await tableRows(outcome, "items", "item_key")).toMatchObject([
			{
				title: "Acme Rain Boots",
				attributes: '{"category":"Rain Footwear","brand":"Acme","color":"Yellow","department":"womens"}',
				price: 39.5,
				launched_at: new Date("2018-03-05T00:00:00Z"),
			},
			{ title: "Plain Hat", attributes: '{"category":"AMAZON FASHION"}', price: null, launched_at: null },
		]);
		expect(await quarantineOf(outcome)).toEqual([
			"AMAZON_FASHION.jsonl.gz:3 not a JSON object",
			"AMAZON_FASHION.jsonl.gz:4 item_id is not in the item file",
		]);
	});

	it("a folder without the metadata says which file is wanted", async () => {
		const path = await folderWith({ "AMAZON_FASHION.jsonl": REVIEWS });
		const error = await failureOf({ path, format: "amazon-reviews" });
		expect(error.code).toBe("BAD_REQUEST");
		expect(error.message).toMatch(/no meta file.*AMAZON_FASHION\.jsonl/);
	});
});
