import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { AppError } from "@atelier/core";
import { describe, expect, it } from "vitest";
import { importDataset } from "../../src";
import { emptyStore, failureOf, folderWith, importInto, lines, quarantineOf } from "./fixture";

const GOOD_ITEMS = lines("item_id,title", "a,Bag", "b,Shoe");
const GOOD_INTERACTIONS = lines("user_id,action,item_id,query,timestamp", "u,purchase,a,,1704102000");

async function failureOfFiles(files: Record<string, string | Buffer>): Promise<AppError> {
	return failureOf({ path: await folderWith(files), format: "atelier" });
}

describe("files that cannot be imported", () => {
	it.each([
		["gzip", "items.csv", gzipSync(GOOD_ITEMS), /its content is gzip.*items\.csv\.gz/],
		["binary", "items.csv", Buffer.from([1, 2, 0, 4]), /items\.csv is not what its name says.*binary/],
		["an Excel workbook", "items.csv", Buffer.from("PK\x03\x04xxxx"), /Excel/],
		["JSON", "items.csv", Buffer.from('{"item_id": "a", "title": "Bag"}\n'), /items\.csv is JSON/],
		["plain text", "items.csv.gz", Buffer.from(GOOD_ITEMS), /should be gzip, its content is text/],
		["plain text", "items.parquet", Buffer.from(GOOD_ITEMS), /should be parquet, its content is text/],
		["CSV", "items.jsonl", Buffer.from(GOOD_ITEMS), /one JSON object per line; it is text that does not begin with \{/],
		["a JSON array", "items.jsonl", Buffer.from('[{"item_id": "a"}]'), /a JSON array/],
		["a torn Parquet file", "items.parquet", Buffer.from("PAR1xxxxxxxxPAR1"), /not a readable Parquet file/],
		["nothing", "items.csv", Buffer.from(""), /items\.csv is empty/],
	])("%s under the name %s is refused by name", async (_what, name, content, message) => {
		const error = await failureOfFiles({ [name]: content, "interactions.csv": GOOD_INTERACTIONS });
		expect(error.code).toBe("BAD_DATA");
		expect(error.message).toMatch(message);
	});

	it("a gzip file that ends too early is refused and says so", async () => {
		const rows = Array.from({ length: 20_000 }, (_, index) => `u${index},purchase,a,,1704102000`);
		const whole = gzipSync(lines("user_id,action,item_id,query,timestamp", ...rows));
		const error = await failureOfFiles({
			"items.csv": GOOD_ITEMS,
			"interactions.csv.gz": whole.subarray(0, whole.length - 100),
		});
		expect(error.code).toBe("BAD_DATA");
		expect(error.message).toMatch(/interactions\.csv\.gz is a damaged gzip file: it ends too early/);
	});

	it("a gzip file with a flipped byte is refused", async () => {
		const whole = gzipSync(GOOD_INTERACTIONS);
		whole[30] = (whole[30] ?? 0) ^ 0xff;
		const error = await failureOfFiles({ "items.csv": GOOD_ITEMS, "interactions.csv.gz": whole });
		expect(error.message).toMatch(/damaged gzip file/);
	});

	it("a missing column is named beside those that are there", async () => {
		const error = await failureOfFiles({
			"items.csv": lines("sku,title", "a,Bag"),
			"interactions.csv": GOOD_INTERACTIONS,
		});
		expect(error.code).toBe("BAD_DATA");
		expect(error.message).toBe(
			'items.csv has no column "item_id". Columns found: sku, title. Columns wanted: item_id, title.',
		);
	});

	it("a column named twice is refused", async () => {
		const error = await failureOfFiles({
			"items.csv": lines("item_id,title,Title", "a,b,c"),
			"interactions.csv": GOOD_INTERACTIONS,
		});
		expect(error.message).toBe('items.csv names column "Title" twice.');
	});

	it.each([
		["items", { "items.csv": "item_id,title\n", "interactions.csv": GOOD_INTERACTIONS }],
		["interactions", { "items.csv": GOOD_ITEMS, "interactions.csv": "user_id,action,item_id\n" }],
	])("a dataset without %s is refused as empty", async (_what, files) => {
		const error = await failureOf({ path: await folderWith(files), format: "atelier", maxRejectedShare: 1 });
		expect(error.code).toBe("BAD_DATA");
		expect(error.message).toMatch(/The dataset is empty/);
	});

	it("more rejected rows than allowed fail the import, with counts, first lines and a copy of the quarantine", async () => {
		const store = await emptyStore();
		const path = await folderWith({
			"items.csv": GOOD_ITEMS,
			"interactions.csv": lines("user_id,action,item_id", "u,purchase,a", "u,purchase,x", "u,purchase,y", ",click,a"),
		});
		const error = await importInto(store, { path, format: "atelier" }).catch((caught: unknown) => caught);
		if (!(error instanceof AppError)) throw new Error("The import should have failed.");
		expect(error.code).toBe("BAD_DATA");
		expect(error.message).toContain("interactions.csv: 3 of 4 rows rejected (75.0 %, allowed are 5 %)");
		expect(error.message).toContain("2 × item_id is not in the item file; first on line 3");
		expect(error.message).toContain("1 × user_id is missing; first on line 5");
		const copy = /All of them, with reasons: (.*)$/.exec(error.message)?.[1] ?? "";
		expect((await readFile(copy, "utf8")).trim().split("\n")).toHaveLength(3);
		expect(await readdir(join(store, "datasets"))).toEqual([]);
	});

	it("rows with broken text are quarantined with what can be shown of them", async () => {
		const path = await folderWith({
			"items.csv": GOOD_ITEMS,
			"interactions.csv": Buffer.concat([
				// A NUL among the first bytes would make the whole file binary.
				Buffer.from(lines("user_id,action,item_id", ...Array(500).fill("u,purchase,a"))),
				Buffer.from([0x75, 0x2c, 0xff, 0x2c, 0x61, 0x0a]),
				Buffer.from(`u,pur\0chase,a\n${"x".repeat(299)}👠👠\n`),
			]),
		});
		const outcome = await importInto(await emptyStore(), { path, format: "atelier", maxRejectedShare: 0.01 });
		expect(await quarantineOf(outcome)).toEqual([
			"interactions.csv:502 invalid UTF-8",
			"interactions.csv:503 NUL byte in text",
			"interactions.csv:504 too few fields",
		]);
	});

	it("a line of 200 MB is quarantined in bounded memory", async () => {
		const path = await folderWith({
			"items.csv": GOOD_ITEMS,
			"interactions.csv": lines("user_id,action,item_id", ...Array.from({ length: 40 }, () => "u,purchase,a")),
		});
		const file = join(path, "interactions.csv");
		await writeFile(file, "u,purchase,", { flag: "a" });
		const piece = Buffer.alloc(1 << 20, "x");
		for (let index = 0; index < 200; index++) await writeFile(file, piece, { flag: "a" });
		await writeFile(file, "\nu,purchase,b\n", { flag: "a" });
		let peak = 0;
		const before = process.memoryUsage.rss();
		const outcome = await importDataset(
			{ path, format: "atelier", name: "long" },
			{ store: await emptyStore(), onProgress: () => (peak = Math.max(peak, process.memoryUsage.rss())) },
		);
		expect(outcome.manifest.counts.purchases).toBe(41);
		expect(outcome.manifest.rejectedByReason).toEqual({ "line longer than 1048576 bytes": 1 });
		expect(peak - before).toBeLessThan(150e6);
	}, 60_000);

	it("a file that is one 200 MB line is refused by its header", async () => {
		const path = await folderWith({ "items.csv": Buffer.alloc(200 << 20, "x"), "interactions.csv": GOOD_INTERACTIONS });
		const error = await failureOf({ path, format: "atelier" });
		expect(error.code).toBe("BAD_DATA");
		expect(error.message).toMatch(/items\.csv: its header \(line 1\) cannot be read: line longer than/);
	}, 60_000);
});

describe("requests that cannot be served", () => {
	it.each([
		["a folder that is not there", { path: "/nowhere/at/all", format: "atelier" as const }, /nothing at \/nowhere/],
		[
			"a sequence file that is not there",
			{ path: "/nowhere.txt", format: "sequences" as const },
			/nowhere\.txt cannot be read/,
		],
		["no mapping", { path: ".", format: "mapping" as const }, /needs a mapping.*hm, jdsearch/],
		[
			"an unknown mapping",
			{ path: ".", format: "mapping" as const, mapping: "nope" },
			/no mapping "nope".*hm, jdsearch/,
		],
		["a share past 1", { path: ".", format: "atelier" as const, maxRejectedShare: 5 }, /between 0 and 1, not 5/],
	])("%s is bad usage", async (_what, request, message) => {
		const error = await failureOf(request);
		expect(error.code).toBe("BAD_REQUEST");
		expect(error.message).toMatch(message);
	});

	it("a folder without the files says what it holds", async () => {
		const path = await folderWith({ "items.csv": GOOD_ITEMS, "log.txt": "x" });
		const error = await failureOf({ path, format: "atelier" });
		expect(error.code).toBe("BAD_REQUEST");
		expect(error.message).toMatch(/no interactions file.*It holds: items\.csv, log\.txt/);
	});

	it("a cancelled import leaves nothing", async () => {
		const store = await emptyStore();
		const path = await folderWith({ "items.csv": GOOD_ITEMS, "interactions.csv": GOOD_INTERACTIONS });
		const stop = new AbortController();
		const running = importDataset(
			{ path, format: "atelier", name: "stopped" },
			{ store, signal: stop.signal, onProgress: ({ step }) => step.startsWith("reading inter") && stop.abort() },
		);
		await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
		expect(await readdir(join(store, "datasets"))).toEqual([]);
	});

	it("what a killed import left behind is removed by the next one", async () => {
		const store = await emptyStore();
		const path = await folderWith({ "items.csv": GOOD_ITEMS, "interactions.csv": GOOD_INTERACTIONS });
		await importInto(store, { path, format: "atelier" });
		const abandoned = join(store, "datasets", ".importing-999999999-dead");
		await writeFile(abandoned, "");
		const other = await folderWith({ "items.csv": `${GOOD_ITEMS}c,Hat\n`, "interactions.csv": GOOD_INTERACTIONS });
		await importInto(store, { path: other, format: "atelier" });
		expect(existsSync(abandoned)).toBe(false);
	});
});
