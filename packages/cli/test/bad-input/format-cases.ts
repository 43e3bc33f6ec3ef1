import { type ImportCase, ITEMS, LOG, lines } from "./import-case";

const jsonItems = (...rows: string[]) => ({
	"items.jsonl": lines('{"item_id": "a", "title": "Bag"}', '{"item_id": "b", "title": "Shoe"}', ...rows),
	"interactions.csv": LOG,
});
const inter = (...rows: string[]) => ({ "x.inter": lines(...rows) });
const INTER = "user_id:token\titem_id:token\ttimestamp:float";
const shop = { "log.csv": lines("customer,sku,date", "c1,s1,2024-01-02", "c1,s2,2024-01-03") };
const MAPPING = "interactions:\n  - file: log.csv\n    userId: customer\n    itemId: sku\n    action: purchase\n";
const mapped = (mapping: string, refused: RegExp): Omit<ImportCase, "name"> => ({
	format: "mapping",
	files: shop,
	mapping,
	refused,
});
const review = (id: number) => `{"user_id": "u", "parent_asin": "B${id}", "timestamp": ${1_588_615_855_070 + id}}`;
const meta = (id: number) => `{"parent_asin": "B${id}", "title": "Bag ${id}", "categories": ["Bags"]}`;

export const JSON_CASES: ImportCase[] = [
	{
		name: "half a JSON object",
		files: jsonItems('{"item_id": "c", "tit'),
		maxRejected: 0.5,
		counts: { items: 2, rejected: 1 },
		rejected: { "not a JSON object": 1 },
	},
	{
		name: "a JSON list among objects",
		files: jsonItems('["c", "Hat"]'),
		maxRejected: 0.5,
		rejected: { "not a JSON object": 1 },
		counts: { items: 2 },
	},
	{
		name: "a JSON text among objects",
		files: jsonItems('"c"'),
		maxRejected: 0.5,
		rejected: { "not a JSON object": 1 },
		counts: { items: 2 },
	},
	{
		name: "JSON with a comma too many, which Python allows",
		files: jsonItems('{"item_id": "c", "title": "Hat",}'),
		counts: { items: 3, rejected: 0 },
	},
	{
		name: "an object without an id",
		files: jsonItems('{"title": "Hat"}'),
		maxRejected: 0.5,
		rejected: { "item_id is missing": 1 },
		counts: { items: 2 },
	},
	{
		name: "an id that is null",
		files: jsonItems('{"item_id": null, "title": "Hat"}'),
		maxRejected: 0.5,
		rejected: { "item_id is missing": 1 },
		counts: { items: 2 },
	},
	{ name: "an empty object", files: jsonItems("{}"), maxRejected: 0.5, counts: { items: 2, rejected: 1 } },
];

export const RECBOLE_CASES: ImportCase[] = [
	{ name: "no .inter file", format: "recbole", files: { "x.txt": "u i\n" }, refused: /no \.inter file/ },
	{
		name: "a path that is no .inter",
		format: "recbole",
		files: { "x.txt": "u i\n" },
		path: "x.txt",
		refused: /neither a folder nor an \.inter/,
	},
	{
		name: "a header without types",
		format: "recbole",
		files: inter("user_id\titem_id", "1\t2"),
		refused: /RecBole|:token|type/,
	},
	{ name: "no user field", format: "recbole", files: inter("item_id:token", "2"), refused: /user_id/ },
	{ name: "no item field", format: "recbole", files: inter("user_id:token\tx:token", "2\t1"), refused: /item_id/ },
	{ name: "an empty .inter", format: "recbole", files: { "x.inter": "" }, refused: /x\.inter is empty/ },
	{ name: "a header only", format: "recbole", files: inter(INTER), refused: /empty/ },
	{
		name: "an unknown item",
		format: "recbole",
		files: { ...inter(INTER, "1\t9\t1700000000"), "x.item": lines("item_id:token\ttitle:token_seq", "2\tBag") },
		refused: /1 × item_id is not in the item file/,
	},
];

export const SEQUENCE_CASES: ImportCase[] = [
	{ name: "no such file", format: "sequences", files: {}, path: "x.txt", refused: /x\.txt/ },
	{ name: "a folder of sequences", format: "sequences", files: { "x.txt": "1 2\n" }, refused: /not a file/ },
	{
		name: "a user without items",
		format: "sequences",
		files: { "x.txt": "1 2 3\n2\n" },
		path: "x.txt",
		maxRejected: 0.5,
		counts: { users: 1, purchases: 2, rejected: 1 },
		rejected: { "user without items": 1 },
	},
	{
		name: "an item file of no kind",
		format: "sequences",
		files: { "x.txt": "1 2 3\n", "items.doc": "x" },
		path: "x.txt",
		items: "items.doc",
		refused: /item file is \.csv/,
	},
	{
		name: "an item file that is not there",
		format: "sequences",
		files: { "x.txt": "1 2 3\n" },
		path: "x.txt",
		items: "no.csv",
		refused: /no\.csv/,
	},
	{
		name: "an item file without ids",
		format: "sequences",
		files: { "x.txt": "1 2 3\n", "i.csv": "sku\n2\n" },
		path: "x.txt",
		items: "i.csv",
		refused: /"item_id"/,
	},
	{
		name: "items that the item file lacks",
		format: "sequences",
		files: { "x.txt": "1 2 3\n", "i.csv": "item_id\n9\n" },
		path: "x.txt",
		items: "i.csv",
		refused: /item_id is not in the item file/,
	},
];

export const AMAZON_CASES: ImportCase[] = [
	{ name: "no metadata", format: "amazon-reviews", files: { "Bags.jsonl": lines(review(1)) }, refused: /meta/ },
	{
		name: "no reviews",
		format: "amazon-reviews",
		files: { "meta_Bags.jsonl": lines(meta(1)) },
		refused: /review|no .*file/i,
	},
	{
		name: "reviews of other items",
		format: "amazon-reviews",
		files: { "Bags.jsonl": lines(review(1)), "meta_Bags.jsonl": lines(meta(2)) },
		refused: /item_id is not in the item file/,
	},
	{
		name: "Python's own writing",
		format: "amazon-reviews",
		files: { "Bags.jsonl": lines(review(1)), "meta_Bags.jsonl": "{'parent_asin': 'B1', 'title': 'Bag'}\n" },
		refused: /meta_Bags\.jsonl/,
	},
	{
		name: "reviews that are sound",
		format: "amazon-reviews",
		files: { "Bags.jsonl": lines(review(1), review(2)), "meta_Bags.jsonl": lines(meta(1), meta(2)) },
		counts: { items: 2, purchases: 2, rejected: 0 },
	},
];

export const MAPPING_CASES: ImportCase[] = [
	{ name: "a mapping that fits", format: "mapping", files: shop, mapping: MAPPING, counts: { users: 1, purchases: 2 } },
	{ name: "no YAML", ...mapped("interactions: [", /not YAML/) },
	{ name: "YAML with a tab", ...mapped("interactions:\n\t- file: x", /not YAML/) },
	{ name: "an empty mapping", ...mapped("", /not a mapping/) },
	{ name: "a list for a mapping", ...mapped("- a\n- b\n", /not a mapping/) },
	{ name: "an unknown name", ...mapped(`${MAPPING}    colour: x\n`, /interactions\.0.*line 6/) },
	{ name: "no interactions", ...mapped("items: {file: log.csv, itemId: sku, title: sku}\n", /interactions/) },
	{ name: "interactions that are none", ...mapped("interactions: []\n", /interactions/) },
	{ name: "a number for a file", ...mapped(MAPPING.replace("log.csv", "7"), /interactions\.0\.file/) },
	{
		name: "an unknown action",
		...mapped(MAPPING.replace("action: purchase", "action: steal"), /interactions\.0\.action/),
	},
	{ name: "a file that is not there", ...mapped(MAPPING.replace("log.csv", "lag.csv"), /lag\.csv.*log\.csv/s) },
	{ name: "a file outside", ...mapped(MAPPING.replace("log.csv", "../log.csv"), /\.\.\/log\.csv/) },
	{
		name: "a column that is not there",
		...mapped(MAPPING.replace("sku", "sko"), /no column "sko".*customer, sku, date/s),
	},
	{ name: "a separator of two characters", ...mapped(`${MAPPING}    delimiter: "||"\n`, /delimiter/) },
	{
		name: "a time format without meaning",
		...mapped(`${MAPPING}    timestamp: {column: date, format: nonsense}\n`, /nonsense|timestamp/),
	},
	{ name: "aliases without end", ...mapped("a: &a [*a, *a]\ninteractions: *a\n", /not a mapping|not YAML|aliases/) },
	{ name: "a mapping of a megabyte", ...mapped(`# ${"x".repeat(1 << 20)}\n${MAPPING}`, /at most 262144/) },
	{
		name: "a mapping that is an item file",
		format: "mapping",
		files: { ...shop, "x.csv": ITEMS },
		mapping: ITEMS,
		refused: /not a mapping/,
	},
];
