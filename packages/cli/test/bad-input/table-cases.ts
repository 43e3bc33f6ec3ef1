import { gzipSync } from "node:zlib";
import { type ImportCase, ITEMS, LOG, LOG_HEADER, lines, soundRows } from "./import-case";

const text = (characters: string, encoding: BufferEncoding) => Buffer.from(characters, encoding);
const columns = (count: number) => Array.from({ length: count }, (_, column) => `c${column}`).join(",");
const withItems = (items: string | Buffer, log: string | Buffer = LOG) => ({
	"items.csv": items,
	"interactions.csv": log,
});
/** A log of sound rows with one more; its line is 42. */
const withRow = (row: string | Buffer) =>
	withItems(
		ITEMS,
		Buffer.concat([Buffer.from(lines(LOG_HEADER, ...soundRows())), Buffer.from(row), Buffer.from("\n")]),
	);
const oneRejected = (reason: string) => ({ counts: { purchases: 40, rejected: 1 }, rejected: { [reason]: 1 } });

/** Files that are not what they should be. */
export const FILE_CASES: ImportCase[] = [
	{ name: "an empty item file", files: withItems(""), refused: /items\.csv is empty/ },
	{ name: "a header without rows", files: withItems("item_id,title\n"), refused: /The dataset is empty/ },
	{ name: "blank lines only", files: withItems("\n\n\n"), refused: /items\.csv is empty/ },
	{ name: "a log without rows", files: withItems(ITEMS, `${LOG_HEADER}\n`), refused: /no usable click or purchase/ },
	{ name: "gzip under a plain name", files: withItems(gzipSync(ITEMS)), refused: /content is gzip.*items\.csv\.gz/ },
	{
		name: "plain text under .gz",
		files: { "items.csv.gz": ITEMS, "interactions.csv": LOG },
		refused: /should be gzip, its content is text/,
	},
	{
		name: "half a gzip file",
		files: { "items.csv": ITEMS, "interactions.csv.gz": gzipSync(LOG).subarray(0, 40) },
		refused: /damaged gzip file: it ends too early/,
	},
	{
		name: "gzip with something behind it",
		files: {
			"items.csv": ITEMS,
			"interactions.csv.gz": Buffer.concat([gzipSync(LOG).subarray(0, 30), Buffer.alloc(60, 7)]),
		},
		refused: /damaged gzip file/,
	},
	{ name: "an Excel workbook", files: withItems(text("PK\x03\x04xxxx", "latin1")), refused: /Excel/ },
	{
		name: "UTF-16 with its mark",
		files: withItems(text(`\uFEFF${ITEMS}`, "utf16le")),
		counts: { items: 2, purchases: 2, rejected: 0 },
	},
	{ name: "UTF-16 without a mark", files: withItems(text(ITEMS, "utf16le")), refused: /binary/ },
	{ name: "zero bytes", files: withItems(Buffer.alloc(300)), refused: /binary/ },
	{ name: "JSON under .csv", files: withItems('{"item_id": "a", "title": "Bag"}\n'), refused: /items\.csv is JSON/ },
	{
		name: "CSV under .jsonl",
		files: { "items.jsonl": ITEMS, "interactions.csv": LOG },
		refused: /one JSON object per line/,
	},
	{
		name: "a JSON array",
		files: { "items.jsonl": '[{"item_id": "a"}]', "interactions.csv": LOG },
		refused: /a JSON array/,
	},
	{
		name: "CSV under .parquet",
		files: { "items.parquet": ITEMS, "interactions.csv": LOG },
		refused: /should be parquet, its content is text/,
	},
	{
		name: "a torn Parquet file",
		files: { "items.parquet": "PAR1xxxxxxxxPAR1", "interactions.csv": LOG },
		refused: /not a readable Parquet file/,
	},
	{ name: "two item files", files: { ...withItems(ITEMS), "items.tsv": ITEMS }, refused: /more than one items file/ },
	{ name: "no item file", files: { "interactions.csv": LOG }, refused: /has no items file/ },
	{ name: "no log", files: { "items.csv": ITEMS }, refused: /has no interactions file.*items\.csv/ },
	{
		name: "a file for a folder",
		files: withItems(ITEMS),
		path: "items.csv",
		refused: /is a file; this format reads a folder/,
	},
];

/** Headers and rows of tables. */
export const TABLE_CASES: ImportCase[] = [
	{ name: "100,000 columns", files: withItems(`${columns(100_000)}\n`), refused: /100000 columns; at most 1000/ },
	{ name: "a header of 2 MB", files: withItems("x".repeat(2 << 20)), refused: /header \(line 1\) cannot be read/ },
	{ name: "a column named twice", files: withItems(lines("item_id,title,Title", "a,b,c")), refused: /"Title" twice/ },
	{ name: "a column called line", files: withItems(lines("item_id,title,line", "a,b,c")), refused: /"line"/ },
	{
		name: "a missing column",
		files: withItems(lines("sku,title", "a,Bag")),
		refused: /no column "item_id".*sku, title/,
	},
	{
		name: "an open quote in the header",
		files: withItems('"item_id,title\na,Bag\n'),
		refused: /quoted field is not closed/,
	},
	{ name: "another separator", files: withItems(ITEMS.replaceAll(",", ";")), counts: { items: 2 } },
	{ name: "a byte-order mark", files: withItems(`\uFEFF${ITEMS}`), counts: { items: 2, purchases: 2 } },
	{ name: "CRLF line ends", files: withItems(ITEMS.replaceAll("\n", "\r\n")), counts: { items: 2, purchases: 2 } },
	{
		name: "mixed line ends",
		files: withItems("item_id,title\r\na,Bag\nb,Shoe\r\n"),
		counts: { items: 2, purchases: 2 },
	},
	{
		name: "no line end at the end",
		files: withItems(ITEMS.trimEnd(), LOG.trimEnd()),
		counts: { items: 2, purchases: 2 },
	},
	{ name: "blank lines between", files: withItems(ITEMS.replaceAll("\n", "\n\n")), counts: { items: 2, rejected: 0 } },
	{
		name: "blanks around names and ids",
		files: withItems(lines(" item_id , title ", " a ,Bag", "b , Shoe ")),
		counts: { items: 2, rejected: 0 },
	},
	{
		name: "a line break in a title",
		files: withItems('item_id,title\na,"Big\nbag"\nb,Shoe\n'),
		counts: { items: 2, purchases: 2 },
	},
	{ name: "too few fields", files: withRow("u,purchase"), ...oneRejected("too few fields") },
	{ name: "too many fields", files: withRow("u,purchase,a,1704102000,x"), ...oneRejected("too many fields") },
	{
		name: "invalid UTF-8",
		files: withRow(text("\xff,purchase,a,1704102000", "latin1")),
		counts: { purchases: 40, rejected: 1 },
	},
	{ name: "a long line", files: withRow("x".repeat(3 << 20)), ...oneRejected("line longer than 1048576 bytes") },
	{
		name: "text behind a quote",
		files: withRow('"u"x,purchase,a,1704102000'),
		...oneRejected("text after a closing quote"),
	},
	{ name: "no user", files: withRow(",purchase,a,1704102000"), ...oneRejected("user_id is missing") },
	{ name: "a user of blanks", files: withRow("   ,purchase,a,1704102000"), ...oneRejected("user_id is missing") },
	{ name: "no item", files: withRow("u,purchase,,1704102000"), ...oneRejected("item_id is missing") },
	{
		name: "an unknown item",
		files: withRow("u,purchase,zzz,1704102000"),
		...oneRejected("item_id is not in the item file"),
	},
	{
		name: "an unknown action",
		files: withRow("u,stole,a,1704102000"),
		...oneRejected("action is not search, click or purchase"),
	},
	{ name: "no action", files: withRow("u,,a,1704102000"), counts: { purchases: 40, rejected: 1 } },
	{ name: "no time", files: withRow("u,purchase,a,"), ...oneRejected("timestamp is missing") },
	{ name: "a time in words", files: withRow("u,purchase,a,last tuesday"), counts: { purchases: 40, rejected: 1 } },
	{ name: "a time that is no number", files: withRow("u,purchase,a,NaN"), counts: { purchases: 40, rejected: 1 } },
	{ name: "an endless time", files: withRow("u,purchase,a,1e400"), counts: { purchases: 40, rejected: 1 } },
	{ name: "a time before 1970", files: withRow("u,purchase,a,1066-10-14"), counts: { purchases: 40, rejected: 1 } },
	{ name: "the 30th of February", files: withRow("u,purchase,a,2024-02-30"), counts: { purchases: 40, rejected: 1 } },
	{
		name: "an item twice",
		files: withItems(`${ITEMS}${lines(...Array.from({ length: 30 }, (_, row) => `i${row},Hat`), "a,Bag")}`),
		counts: { items: 32 },
		rejected: { "item_id is there before; the first is kept": 1 },
	},
	{
		name: "titles are missing",
		files: withItems(lines("item_id,title", "a,", "b,Shoe")),
		refused: /1 × title is missing/,
	},
	{
		name: "most rows are bad",
		files: withItems(ITEMS, lines(LOG_HEADER, ...soundRows(2), ...Array(9).fill(",purchase,a,1704102000"))),
		refused: /9 of 11 rows rejected \(81\.8 %, allowed are 5 %\)/,
	},
	{
		name: "most rows are bad and may be",
		files: withItems(ITEMS, lines(LOG_HEADER, ...soundRows(2), ...Array(9).fill(",purchase,a,1704102000"))),
		maxRejected: 0.9,
		counts: { purchases: 2, rejected: 9 },
	},
	{
		name: "all rows are bad and may be",
		files: withItems(ITEMS, lines(LOG_HEADER, ...Array(9).fill(",purchase,a,1704102000"))),
		maxRejected: 1,
		refused: /empty|none of its/,
	},
];
