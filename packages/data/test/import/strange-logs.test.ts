import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../src";
import { emptyStore, failureOf, folderWith, importInto, lines, logOf, tableRows } from "./fixture";
import { ITEMS, imported, LOG } from "./strange-log";

async function timesOf(outcome: Awaited<ReturnType<typeof imported>>): Promise<string[]> {
	const rows = await tableRows(outcome, "interactions", "user_id, ord");
	return rows.map(({ at }) => (at instanceof Date ? at.toISOString() : "none"));
}

const withTimes = (...values: string[]) =>
	lines("user_id,action,item_id,timestamp", ...values.map((value) => `u,purchase,a,${value}`));

describe("times", () => {
	it.each([
		["seconds", "1700000000"],
		["milliseconds", "1700000000000"],
		["microseconds", "1700000000000000"],
		["nanoseconds", "1700000000000000000"],
		["seconds with a fraction", "1700000000.0"],
		["ISO 8601", "2023-11-14T22:13:20Z"],
		["ISO 8601 with a zone", "2023-11-15T00:13:20+02:00"],
	])("%s are read as what they are", async (_unit, value) => {
		const outcome = await imported({ "items.csv": ITEMS, "interactions.csv": withTimes(value, value) });
		expect(await timesOf(outcome)).toEqual(["2023-11-14T22:13:20.000Z", "2023-11-14T22:13:20.000Z"]);
	});

	it("dates written as numbers are dates, and that is said", async () => {
		const outcome = await imported({ "items.csv": ITEMS, "interactions.csv": withTimes("20231114", "20231115") });
		expect(await timesOf(outcome)).toEqual(["2023-11-14T00:00:00.000Z", "2023-11-15T00:00:00.000Z"]);
		expect(Object.keys(outcome.manifest.warnedByReason ?? {})).toEqual([
			"the numbers in timestamp are read as dates (year, month, day)",
		]);
	});

	it("numbers too small for times order the events, in number order, and there are no times", async () => {
		const log = lines("user_id,action,item_id,timestamp", "u,purchase,b,10", "u,purchase,a,9");
		const outcome = await imported({ "items.csv": ITEMS, "interactions.csv": log });
		expect(outcome.manifest.hasTimes).toBe(false);
		expect(await logOf(outcome, "u")).toEqual(["purchase a", "purchase b"]);
		expect(Object.keys(outcome.manifest.warnedByReason ?? {})[0]).toMatch(/too small for times/);
	});

	it("days as a spreadsheet counts them are refused with what to write, and that reads them", async () => {
		const log = withTimes("43101.0", "43104.5");
		const error = await failureOf({
			path: await folderWith({ "items.csv": ITEMS, "interactions.csv": log }),
			format: "atelier",
		});
		expect(error.message).toMatch(/"43101\.0", "43104\.5".*43101\.0 would be 1 January 2018.*format: serial-days/);
		const mapping = lines(
			"items: {file: items.csv, itemId: item_id, title: title}",
			"interactions: [{file: interactions.csv, userId: user_id, itemId: item_id, action: purchase, timestamp: {column: timestamp, format: serial-days}}]",
		);
		const folder = await folderWith({ "items.csv": ITEMS, "interactions.csv": log, "map.yaml": mapping });
		const outcome = await importInto(await emptyStore(), {
			path: folder,
			format: "mapping",
			mapping: `${folder}/map.yaml`,
		});
		expect(await timesOf(outcome)).toEqual(["2018-01-01T00:00:00.000Z", "2018-01-04T12:00:00.000Z"]);
	});

	it("dates of one country's habit are refused with the pattern that reads all of them", async () => {
		const log = withTimes("1/13/2011 8:10", "2/14/2011 8:11");
		const error = await failureOf({
			path: await folderWith({ "items.csv": ITEMS, "interactions.csv": log }),
			format: "atelier",
		});
		expect(error.message).toMatch(/"1\/13\/2011 8:10".*format: "%m\/%d\/%Y %H:%M"\} reads all of them\./);
	});

	it("dates that can be read in two ways are left to the person", async () => {
		const log = withTimes("1/2/2011", "3/4/2011");
		const error = await failureOf({
			path: await folderWith({ "items.csv": ITEMS, "interactions.csv": log }),
			format: "atelier",
		});
		expect(error.message).toMatch(/%m\/%d\/%Y.*and so does "%d\/%m\/%Y": only you can tell/);
	});

	it("a stray zero among times is rejected, not an event of 1970", async () => {
		const log = withTimes(...Array.from({ length: 30 }, (_, day) => String(1_700_000_000 + day)), "0");
		const outcome = await imported({ "items.csv": ITEMS, "interactions.csv": log });
		expect(outcome.manifest.rejectedByReason).toEqual({ "timestamp is not understood": 1 });
	});

	it("a moment may stand in several columns", async () => {
		const mapping = lines(
			"interactions:",
			"  - {file: log.csv, userId: u, itemId: i, action: purchase, timestamp: {year: y, month: m, day: d, hour: h}}",
		);
		const folder = await folderWith({ "log.csv": lines("u,i,y,m,d,h", "u,a,2023,11,14,22"), "map.yaml": mapping });
		const outcome = await importInto(await emptyStore(), {
			path: folder,
			format: "mapping",
			mapping: `${folder}/map.yaml`,
		});
		expect(await timesOf(outcome)).toEqual(["2023-11-14T22:00:00.000Z"]);
	});
});

describe("what an item can do without", () => {
	it.each([
		["12.99", 12.99],
		["$12.99", 12.99],
		['"US$ 1,299.00"', 1299],
		['"1,299.00"', 1299],
		['"12,99 €"', 12.99],
		['"1.299,50 €"', 1299.5],
		["EUR 5", 5],
		["1e3", 1000],
		["12.99 - 15.00", null],
		["from 12.99", null],
		["-3", null],
		["inf", null],
		["1e400", null],
		["nan", null],
	])("price %s is %s, and the item stays", async (written, price) => {
		const items = lines("item_id,title,price", `a,Bag,${written}`, "b,Shoe,1");
		const outcome = await imported({ "items.csv": items, "interactions.csv": LOG });
		const rows = await tableRows(outcome, "items");
		expect(rows.find((row) => row.item_key === "a")?.price).toBe(price);
		expect(outcome.manifest.counts.rejected).toBe(0);
		const isCounted = price === null && written !== "nan";
		expect(outcome.manifest.warnedByReason).toEqual(
			isCounted ? { "price is not one amount and is left empty": 1 } : {},
		);
	});

	it.each(["atelier", "recbole", "amazon-reviews", "mapping"] as const)(
		"a bad price costs nothing in %s",
		async (format) => {
			const files: Record<string, Record<string, string>> = {
				atelier: { "items.csv": lines("item_id,title,price", "a,Bag,cheap", "b,Shoe,2"), "interactions.csv": LOG },
				recbole: {
					"x.inter": lines("user_id:token\titem_id:token", "u\ta", "u\tb"),
					"x.item": lines("item_id:token\ttitle:token_seq\tprice:float", "a\tBag\tcheap", "b\tShoe\t2"),
				},
				"amazon-reviews": {
					"X.jsonl": lines(
						'{"user_id":"u","parent_asin":"a","timestamp":1700000000000}',
						'{"user_id":"u","parent_asin":"b","timestamp":1700000000001}',
					),
					"meta_X.jsonl": lines(
						'{"parent_asin":"a","title":"Bag","price":"cheap"}',
						'{"parent_asin":"b","title":"Shoe","price":"2"}',
					),
				},
				mapping: {
					"i.csv": lines("sku,name,cost", "a,Bag,cheap", "b,Shoe,2"),
					"log.csv": lines("who,sku", "u,a", "u,b"),
					"map.yaml": lines(
						"items: {file: i.csv, itemId: sku, title: name, price: cost}",
						"interactions: [{file: log.csv, userId: who, itemId: sku, action: purchase}]",
					),
				},
			};
			const path = await folderWith(files[format] ?? {});
			const mapping = format === "mapping" ? { mapping: `${path}/map.yaml` } : {};
			const outcome = await importInto(await emptyStore(), { path, format, ...mapping });
			expect(outcome.manifest.counts).toMatchObject({ items: 2, rejected: 0 });
			expect(outcome.manifest.warnedByReason).toEqual({ "price is not one amount and is left empty": 1 });
		},
	);

	it("a launch date that says nothing is left empty and counted", async () => {
		const items = lines("item_id,title,launched_at", "a,Bag,Spring 2023", "b,Shoe,2023-01-02");
		const outcome = await imported({ "items.csv": items, "interactions.csv": LOG });
		expect(outcome.manifest.warnedByReason).toEqual({ "launched_at is not understood and is left empty": 1 });
		expect(outcome.manifest.counts.items).toBe(2);
	});
});

describe("nested values and odd ids", () => {
	const log = lines(
		'{"user_id":"u","action":"purchase","item_id":"a"}',
		'{"user_id":"u","action":"purchase","item_id":"b"}',
	);

	it("a list of plain values is joined, an object is left out and counted", async () => {
		const items = lines(
			'{"item_id":"a","title":"Bag","tags":["red",1],"box":{"w":1}}',
			'{"item_id":"b","title":"Shoe","tags":[["x"]],"box":null}',
		);
		const outcome = await imported({ "items.jsonl": items, "interactions.jsonl": log });
		const rows = await tableRows(outcome, "items");
		expect(rows.find((row) => row.item_key === "a")?.attributes).toBe('{"tags":"red, 1"}');
		expect(rows.find((row) => row.item_key === "b")?.attributes).toBe("{}");
		expect(outcome.manifest.warnedByReason).toEqual({
			"an attribute holds a list of lists or an object and is left out": 2,
		});
	});

	it.each([
		["a list", "[1]"],
		["an object", '{"x":1}'],
		["true", "true"],
		["a fraction", "1.5"],
		["a number past all numbers", "1e400"],
	])("%s is no id, and the row says so", async (_what, id) => {
		const items = lines(
			`{"item_id":${id},"title":"Bag"}`,
			'{"item_id":"b","title":"Shoe"}',
			'{"item_id":"a","title":"Shoe"}',
		);
		const outcome = await imported({ "items.jsonl": items, "interactions.jsonl": log }, { maxRejectedShare: 0.5 });
		expect(outcome.manifest.rejectedByReason).toEqual({ "item_id is neither text nor a whole number": 1 });
	});

	it("an id keeps every digit, and a whole number written as a fraction is that number", async () => {
		const items = lines('{"item_id":12345678901234567890,"title":"Bag"}', '{"item_id":7.0,"title":"Shoe"}');
		const two = lines(
			'{"user_id":1,"action":"purchase","item_id":12345678901234567890}',
			'{"user_id":1,"action":"purchase","item_id":7}',
		);
		const outcome = await imported({ "items.jsonl": items, "interactions.jsonl": two });
		expect(await logOf(outcome, "1")).toEqual(["purchase 12345678901234567890", "purchase 7"]);
	});

	it("Parquet's lists, structs and ids that a missing value made fractions", async () => {
		const folder = await folderWith({
			"interactions.csv": lines("user_id,action,item_id", "u,purchase,1", "u,purchase,2"),
		});
		const db = await openDuckDb();
		await db.run(`COPY (SELECT * FROM (VALUES (1.0::DOUBLE, 'Bag', ['red', 'big'], {'w': 1}), (2.0, 'Shoe', NULL, NULL), ('nan'::DOUBLE, 'Gone', NULL, NULL))
			AS t(item_id, title, tags, box)) TO '${folder}/items.parquet' (FORMAT parquet)`);
		db.close();
		const outcome = await importInto(await emptyStore(), { path: folder, format: "atelier", maxRejectedShare: 0.5 });
		expect(await logOf(outcome, "u")).toEqual(["purchase 1", "purchase 2"]);
		const rows = await tableRows(outcome, "items");
		expect(rows.find((row) => row.item_key === "1")?.attributes).toBe('{"tags":"red, big"}');
		expect(outcome.manifest.rejectedByReason).toEqual({ "item_id is missing": 1 });
	});

	it("half a surrogate pair becomes the replacement character; whole pairs stay", async () => {
		const items = lines(
			'{"item_id":"a","title":"Linen \\ud83d dress \\ud83d\\ude00"}',
			'{"item_id":"b","title":"Shoe"}',
		);
		const outcome = await imported({ "items.jsonl": items, "interactions.jsonl": log });
		const rows = await tableRows(outcome, "items");
		expect(rows.find((row) => row.item_key === "a")?.title).toBe("Linen \ufffd dress \u{1f600}");
		expect(Object.values(outcome.manifest.warnedByReason ?? {})).toEqual([1]);
	});

	it("a title that a program wrote for none is missing", async () => {
		const items = lines("item_id,title,brand", "a,Bag,nan", "b,Shoe,None", "c,None,x");
		const outcome = await imported({ "items.csv": items, "interactions.csv": LOG }, { maxRejectedShare: 0.5 });
		expect(outcome.manifest.rejectedByReason).toEqual({ "title is missing": 1 });
		expect((await tableRows(outcome, "items")).map((row) => row.attributes)).toEqual(["{}", "{}"]);
	});
});

describe("the summary", () => {
	it("shows first and last time, events a user, titles and attributes", async () => {
		const items = lines("item_id,title,color", "a,Bag,red", "b,Shoe,");
		const outcome = await imported({ "items.csv": items, "interactions.csv": LOG });
		expect(outcome.manifest.summary).toEqual({
			firstAt: "2023-11-14T22:13:20.000Z",
			lastAt: "2023-11-15T22:13:20.000Z",
			eventsPerUser: { median: 1.5, most: 2 },
			withTitle: 1,
			withAttributes: 0.5,
			odd: [],
		});
	});

	it("says what looks odd", async () => {
		const rows = Array.from({ length: 30 }, () => "u,click,a,1700000000");
		const outcome = await imported({
			"items.csv": lines("item_id,title", "a,a", "b,b", "c,c"),
			"interactions.csv": lines("user_id,action,item_id,timestamp", ...rows, "v,click,a,1700000000"),
		});
		expect(outcome.manifest.summary?.odd).toEqual([
			"all events have the same time",
			"one user has 97 % of all events",
			"there are no purchases: split.target=click learns from clicks",
			"no item has a title: methods that read text see ids alone",
			"67 % of the items occur in no event",
		]);
	});
});
