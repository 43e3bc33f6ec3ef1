import { describe, expect, it } from "vitest";
import { emptyStore, failureOf, folderWith, importInto, lines, logOf, tableRows } from "./fixture";
import { ITEMS, imported, LOG } from "./strange-log";

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
