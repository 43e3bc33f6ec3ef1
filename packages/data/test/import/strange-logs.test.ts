import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../src";
import { emptyStore, failureOf, folderWith, importInto, lines, logOf, tableRows } from "./fixture";

const ITEMS = lines("item_id,title", "a,Red bag", "b,Blue shoe");
const LOG = lines(
	"user_id,action,item_id,timestamp",
	"u,purchase,a,1700000000",
	"u,purchase,b,1700086400",
	"v,purchase,a,1700000000",
);

async function imported(
	files: Record<string, string | Buffer>,
	request: Partial<Parameters<typeof importInto>[1]> = {},
) {
	const path = await folderWith(files);
	return importInto(await emptyStore(), { path, format: "atelier", ...request });
}

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

describe("layouts", () => {
	it.each([
		["a column without a name, as pandas writes its index", ",item_id,title\n0,a,Red bag\n1,b,Blue shoe\n"],
		["a comma behind the last column", "item_id,title,\na,Red bag,\nb,Blue shoe,\n"],
	])("%s is left out, and that is said", async (_what, items) => {
		const outcome = await imported({ "items.csv": items, "interactions.csv": LOG });
		expect(outcome.manifest.counts).toMatchObject({ items: 2, purchases: 3, rejected: 0 });
		expect(outcome.manifest.warnedByReason).toEqual({ "a column has no name and is left out": 1 });
		expect((await tableRows(outcome, "items")).map((row) => row.attributes)).toEqual(["{}", "{}"]);
	});

	it.each([
		["lines that end in CR", Buffer.from(ITEMS.replaceAll("\n", "\r"))],
		["UTF-16 with its mark", Buffer.from(`\uFEFF${ITEMS}`, "utf16le")],
		["UTF-8 with its mark", Buffer.from(`\uFEFF${ITEMS}`)],
	])("%s are read", async (_what, items) => {
		const outcome = await imported({ "items.csv": items, "interactions.csv": LOG });
		expect(outcome.manifest.counts).toMatchObject({ items: 2, purchases: 3, rejected: 0 });
	});

	it("another encoding is named by line, byte and option, and read once it is given", async () => {
		const files = {
			"items.csv": Buffer.from("item_id,title\na,Café bag\nb,Shoe\n", "latin1"),
			"interactions.csv": LOG,
		};
		const error = await failureOf({ path: await folderWith(files), format: "atelier" });
		expect(error.message).toMatch(/invalid UTF-8; first on line 2: a,Caf\\xE9 bag.*--encoding windows-1252/);
		const outcome = await imported(files, { encoding: "windows-1252" });
		expect((await tableRows(outcome, "items")).map((row) => row.title)).toContain("Café bag");
	});

	it("an encoding that there is not is refused, and so are bytes that it does not know", async () => {
		const files = { "items.csv": Buffer.from([0x81, 0xff, 0x0a]), "interactions.csv": LOG };
		const path = await folderWith(files);
		expect((await failureOf({ path, format: "atelier", encoding: "klingon" })).message).toMatch(
			/no such text encoding/,
		);
		expect((await failureOf({ path, format: "atelier", encoding: "shift_jis" })).message).toMatch(/not in shift_jis/);
	});

	it("a file without a header has its columns named by the mapping", async () => {
		const mapping = lines(
			"interactions:",
			"  - {file: clicks.dat, header: false, columns: [session, at, sku, kind], userId: session, itemId: sku, action: click, timestamp: at}",
		);
		const folder = await folderWith({
			"clicks.dat": lines("1,2014-04-07T10:51:09.277Z,214536502,0", "1,2014-04-07T10:54:09.868Z,214536500,0"),
			"map.yaml": mapping,
		});
		const outcome = await importInto(await emptyStore(), {
			path: folder,
			format: "mapping",
			mapping: `${folder}/map.yaml`,
		});
		expect(await logOf(outcome, "1")).toEqual(["click 214536502", "click 214536500"]);
	});

	it("a backslash that stands before a quote is named in the message, and read with escape", async () => {
		const items = 'item_id,title\na,"Frame 10\\" bag, 2 pcs"\nb,Shoe\n';
		const files = { "items.csv": items, "interactions.csv": LOG };
		const error = await failureOf({ path: await folderWith(files), format: "atelier" });
		expect(error.message).toMatch(/escape: "\\"/);
		const mapping = lines(
			'items: {file: items.csv, itemId: item_id, title: title, escape: "\\\\"}',
			"interactions: [{file: interactions.csv, userId: user_id, itemId: item_id, action: purchase}]",
		);
		const folder = await folderWith({ ...files, "map.yaml": mapping });
		const outcome = await importInto(await emptyStore(), {
			path: folder,
			format: "mapping",
			mapping: `${folder}/map.yaml`,
		});
		expect((await tableRows(outcome, "items")).map((row) => row.title)).toContain('Frame 10" bag, 2 pcs');
	});

	it("a table with more columns than any log is refused", async () => {
		const header = Array.from({ length: 1_500 }, (_, place) => `c${place}`).join(",");
		const error = await failureOf({
			path: await folderWith({ "items.csv": `${header}\n`, "interactions.csv": LOG }),
			format: "atelier",
		});
		expect(error.message).toMatch(/items\.csv has 1500 columns; at most 1000 are read/);
	});

	it("lines of Python are named as such, not as missing columns", async () => {
		const error = await failureOf({
			path: await folderWith({ "items.jsonl": "{'item_id': 'a'}\n", "interactions.csv": LOG }),
			format: "atelier",
		});
		expect(error.message).toMatch(/line 1 is a Python literal/);
	});

	it("where no row can be read, the reason is the rows' own", async () => {
		const error = await failureOf({
			path: await folderWith({ "items.jsonl": '{"item_id": "a"\n{"x"\n', "interactions.csv": LOG }),
			format: "atelier",
		});
		expect(error.message).toMatch(/none of its 2 rows can be read\. Line 1: not a JSON object/);
	});

	it("entities in Amazon's titles are decoded", async () => {
		const outcome = await imported(
			{
				"X.jsonl": lines('{"user_id":"u","parent_asin":"a","timestamp":1700000000000}'),
				"meta_X.jsonl": lines(
					'{"parent_asin":"a","title":"Women&#39;s &amp; Girls&#x27; &quot;A&quot; &eacute;","categories":[["Clothing","Women"]]}',
				),
			},
			{ format: "amazon-reviews" },
		);
		const [row] = await tableRows(outcome, "items");
		expect(row).toMatchObject({ title: `Women's & Girls' "A" é`, attributes: '{"category":"Women"}' });
	});
});

describe("RecBole's sequential files", () => {
	const inter = (...rows: string[]) => lines(...rows.map((row) => row.replaceAll("|", "\t")));

	it("a history in a list comes before its target: no event is dropped", async () => {
		const file = inter("user_id:token|item_id_list:token_seq|item_id:token", "1|1 2 3 4|5", "2|2 3|6");
		const outcome = await imported({ "x.inter": file }, { format: "recbole" });
		expect(outcome.manifest.counts.purchases).toBe(8);
		expect(await logOf(outcome, "1")).toEqual([1, 2, 3, 4, 5].map((item) => `purchase ${item}`));
	});

	it("train, valid and test are one log, each event once, and that the split is not used is said", async () => {
		const header = "user_id:token|item_id:token|timestamp:float|item_id_list:token_seq|timestamp_list:float_seq";
		const outcome = await imported(
			{
				"s.train.inter": inter(header, "1|2|2|1|1", "1|3|3|1 2|1 2", "4|4|4|3|3"),
				"s.valid.inter": inter(header, "1|4|4|1 2 3|1 2 3"),
				"s.test.inter": inter(header, "1|5|5|1 2 3 4|1 2 3 4"),
			},
			{ format: "recbole" },
		);
		expect(await logOf(outcome, "1")).toEqual([1, 2, 3, 4, 5].map((item) => `purchase ${item}`));
		expect(await logOf(outcome, "4")).toEqual(["purchase 3", "purchase 4"]);
		expect(Object.keys(outcome.manifest.warnedByReason ?? {}).join()).toMatch(/split that the files give is not used/);
	});

	it("sequences that contradict each other are refused by line", async () => {
		const file = inter("user_id:token|item_id_list:token_seq|item_id:token", "1|1 2 3|4", "1|2 3|9");
		const error = await failureOf({ path: await folderWith({ "x.inter": file }), format: "recbole" });
		expect(error.message).toMatch(/line 3 is no beginning/);
	});

	it("sessions stand for users where there are none", async () => {
		const file = inter("session_id:token|item_id:token|timestamp:float", "s1|a|1700000000", "s1|b|1700000001");
		const outcome = await imported({ "x.inter": file }, { format: "recbole" });
		expect(await logOf(outcome, "s1")).toEqual(["purchase a", "purchase b"]);
	});

	it.each([",", " ", ";"])("the separator %j of a header is read", async (mark) => {
		const file = inter("user_id:token|item_id:token|timestamp:float", "1|10|100", "1|11|101").replaceAll("\t", mark);
		const outcome = await imported({ "x.inter": file }, { format: "recbole" });
		expect(await logOf(outcome, "1")).toEqual(["purchase 10", "purchase 11"]);
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
