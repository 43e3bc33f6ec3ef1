import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyStore, failureOf, folderWith, importInto, lines, logOf, quarantineOf, tableRows } from "./fixture";

const LOG_WITH_QUERIES = lines(
	"interactions:",
	"  - file: log.csv",
	"    userId: user",
	"    itemId: sku",
	"    action: {column: kind, values: {view: click, buy: purchase, ping: skip}}",
	"    query: {column: words, none: ['-']}",
	"    queryTimestamp: searched",
	"    timestamp: {column: at, format: '%d/%m/%Y %H:%M'}",
);

describe("mapping", () => {
	it("puts one search before the clicks that came from it, and a new one after a purchase or a day", async () => {
		const path = await folderWith({
			"map.yaml": LOG_WITH_QUERIES,
			"log.csv": lines(
				"user;sku;kind;words;searched;at",
				"u;a;view;red bag;2024-01-01 09:59;01/01/2024 10:00",
				"u;b;view;red bag;2024-01-01 09:59;01/01/2024 10:01",
				"u;b;buy;red bag;2024-01-01 09:59;01/01/2024 10:02",
				"u;c;view;red bag;2024-01-01 10:03;01/01/2024 10:04",
				"u;d;view;red bag;2024-01-03 10:00;03/01/2024 10:04",
				"u;e;view;-;;03/01/2024 10:05",
				"u;e;ping;x;;03/01/2024 10:06",
			),
		});
		const outcome = await importInto(await emptyStore(), {
			path,
			format: "mapping",
			mapping: join(path, "map.yaml"),
			maxRejectedShare: 0.5,
		});
		expect(await logOf(outcome, "u")).toEqual([
			'search "red bag"',
			"click a",
			"click b",
			"purchase b",
			'search "red bag"',
			"click c",
			'search "red bag"',
			"click d",
			"click e",
		]);
		const rows = await tableRows(outcome, "interactions", "ord");
		expect(rows[0]?.at).toEqual(new Date("2024-01-01T09:59:00Z"));
		expect(outcome.manifest).toMatchObject({ queriesDerived: false, counts: { rejected: 0 } });
	});

	it("takes joined lists apart, and rejects a row whose lists do not fit", async () => {
		const path = await folderWith({
			"map.yaml": lines(
				"interactions:",
				"  - file: log.tsv",
				"    explode: {separator: _, columns: [items, kinds, gaps]}",
				"    userId: {line: true}",
				"    itemId: items",
				"    action: {column: kinds, values: {C: click, O: purchase}}",
				"    timestamp: {column: gaps, format: gaps}",
			),
			"log.tsv": lines("items\tkinds\tgaps", "a_b_c\tC_C_O\t0_60_3600_99", "a_b\tC\t0_1"),
		});
		const outcome = await importInto(await emptyStore(), {
			path,
			format: "mapping",
			mapping: join(path, "map.yaml"),
			maxRejectedShare: 0.5,
		});
		expect(await logOf(outcome, "2")).toEqual(["click a", "click b", "purchase c"]);
		const times = (await tableRows(outcome, "interactions", "ord")).map((row) => row.at);
		expect(times).toEqual([0, 60, 3660].map((seconds) => new Date(seconds * 1000)));
		expect(await quarantineOf(outcome)).toEqual(Array(2).fill("log.tsv:3 lists of different lengths"));
	});

	it("derives a search before purchases from the first template whose columns are filled", async () => {
		const path = await folderWith({
			"map.yaml": lines(
				"items:",
				"  file: items.csv",
				"  itemId: id",
				"  title: [name, {column: text, maxLength: 12}]",
				"  attributes: {category: type}",
				"  family: model",
				"  deriveSearch: ['{group} {type}', '{group}']",
				"interactions:",
				"  - file: log.csv",
				"    userId: user",
				"    itemId: id",
				"    action: {column: kind, values: {c: click, p: purchase}}",
			),
			"items.csv": lines(
				"id,model,name,text,type,group",
				"1,m,Robe,,Dress,Ladies Wear",
				"2,m,,A very long text,,Men",
				"3,,X,,,",
			),
			"log.csv": lines("user,id,kind", "u,1,c", "u,1,p", "u,2,p", "u,3,p"),
		});
		const outcome = await importInto(await emptyStore(), { path, format: "mapping", mapping: join(path, "map.yaml") });
		expect(await logOf(outcome, "u")).toEqual([
			"click 1",
			'derived search "ladies wear dress"',
			"purchase 1",
			'derived search "men"',
			"purchase 2",
			"purchase 3",
		]);
		const items = await tableRows(outcome, "items", "item_key");
		expect(items.map((row) => row.title)).toEqual(["Robe", "A very long", "X"]);
		expect(items.map((row) => row.family)).toEqual(["m", "m", null]);
		expect(outcome.manifest.queriesDerived).toBe(true);
	});

	it("another mapping over the same bytes gives another dataset", async () => {
		const yaml = (column: string) =>
			lines("interactions:", `  - {file: log.csv, userId: user, itemId: ${column}, action: purchase}`);
		const path = await folderWith({
			"a.yaml": yaml("sku"),
			"b.yaml": yaml("model"),
			"log.csv": lines("user,sku,model", "u,a,m"),
		});
		const store = await emptyStore();
		const first = await importInto(store, { path, format: "mapping", mapping: join(path, "a.yaml") });
		const second = await importInto(store, { path, format: "mapping", mapping: join(path, "b.yaml") });
		expect(second.alreadyImported).toBe(false);
		expect(second.manifest.id).not.toBe(first.manifest.id);
	});

	it.each([
		[
			"an unknown name",
			"interactions: []\nitem: {}\n",
			/\(top\) \(line 2, column 1\): unknown name; valid names: description, items, interactions, exposures/,
		],
		[
			"an unknown name inside",
			"interactions:\n  - {file: x, userId: u, itemId: i, action: purchase, when: t}\n",
			/interactions\.0 \(line 2, column 55\): unknown name; valid names: file, .*timestamp/,
		],
		[
			"an action that is not ours",
			"interactions:\n  - {file: x, userId: u, itemId: i, action: hover}\n",
			/interactions\.0\.action/,
		],
		["broken YAML", "interactions: [\n", /is not YAML/],
	])("%s is bad usage, with what would be valid", async (_what, yaml, message) => {
		const path = await folderWith({ "map.yaml": yaml });
		const error = await failureOf({ path, format: "mapping", mapping: join(path, "map.yaml") });
		expect(error.code).toBe("BAD_REQUEST");
		expect(error.message).toMatch(message);
	});

	it("a column that the file lacks is named beside those that it has", async () => {
		const path = await folderWith({ "map.yaml": LOG_WITH_QUERIES, "log.csv": lines("user,sku,kind", "u,a,buy") });
		const error = await failureOf({ path, format: "mapping", mapping: join(path, "map.yaml") });
		expect(error.code).toBe("BAD_DATA");
		expect(error.message).toMatch(
			/log\.csv has no column "words", "searched", "at"\. Columns found: user, sku, kind\./,
		);
	});
});
