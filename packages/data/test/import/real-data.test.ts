import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { profileDataset } from "../../src";
import { emptyStore, folderWith, importInto, lines, logOf, SHARED_DATA, tableRows } from "./fixture";

const present = existsSync(SHARED_DATA);
if (!present) console.warn(`Skipped: the public data sets are not at ${SHARED_DATA}.`);

describe.skipIf(!present)("public data sets", () => {
	it("H&M: every purchase of an article with a title, each after a derived search", async () => {
		const path = join(SHARED_DATA, "hm_fashion");
		const outcome = await importInto(await emptyStore(), { path, format: "mapping", mapping: "hm" });
		expect(outcome.manifest.counts).toEqual({
			items: 28_859,
			users: 1_364,
			searches: 31_621,
			clicks: 0,
			purchases: 31_621,
			exposures: 0,
			rejected: 61,
		});
		// 20 articles of which nothing is known, and the 41 purchases of them: 31,662 in all.
		expect(outcome.manifest.rejectedByReason).toEqual({ "its item was rejected": 41, "title is missing": 20 });
		expect(outcome.manifest).toMatchObject({ queriesDerived: true, hasTimes: true });
		expect((await logOf(outcome, "1a674938eb6b"))[0]).toMatch(/^derived search "/);
		const [strap] = (await tableRows(outcome, "items")).filter((row) => row.item_key === "0108775015");
		expect(strap).toMatchObject({ title: "Strap top", family: "108775" });
		expect(Object.keys(JSON.parse(String(strap?.attributes))).slice(0, 2)).toEqual(["category", "color"]);
	}, 60_000);

	it("Beauty: users, items and purchases as published, in the order of the file", async () => {
		const folder = join(SHARED_DATA, "amazon2014_bench");
		const outcome = await importInto(await emptyStore(), {
			path: join(folder, "Beauty.txt.gz"),
			itemsPath: join(folder, "Beauty_items.csv.gz"),
			format: "sequences",
		});
		const profile = await profileDataset(outcome.path);
		expect(profile).toMatchObject({ users: 22_363, items: 12_101, purchases: 198_502, usersWithTest: 22_363 });
		expect(await logOf(outcome, "1")).toEqual(["1", "2", "3", "4", "5"].map((item) => `purchase ${item}`));
	}, 60_000);

	it("JDsearch: lists taken apart into searches, clicks and orders", async () => {
		const path = join(SHARED_DATA, "search_queries");
		const outcome = await importInto(await emptyStore(), {
			path,
			format: "mapping",
			mapping: "jdsearch",
			maxRejectedShare: 0.1,
		});
		// 230 events of three histories and 5 labelled candidates, less 15 of products that the sample does not describe.
		expect(outcome.manifest.counts).toMatchObject({ items: 409, users: 3, clicks: 205, purchases: 15, rejected: 15 });
		expect((await logOf(outcome, "4")).slice(-3)).toEqual([
			'search "2437437 60677689 39206305"',
			"click 42155506",
			"click 90092899",
		]);
	});

	it("Best Buy: a log of clicks with their queries and no item file", async () => {
		const mapping = await folderWith({
			"bestbuy.yaml": lines(
				"items: {file: bestbuy2011_train_excerpt.csv, itemId: sku, title: sku, attributes: {category: category_path}, repeats: true}",
				"interactions:",
				"  - file: bestbuy2011_train_excerpt.csv",
				"    userId: user",
				"    itemId: sku",
				"    action: click",
				"    query: query",
				"    queryTimestamp: query_time",
				"    timestamp: click_time",
			),
		});
		const path = join(SHARED_DATA, "search_queries");
		const outcome = await importInto(await emptyStore(), {
			path,
			format: "mapping",
			mapping: join(mapping, "bestbuy.yaml"),
		});
		expect(outcome.manifest.counts).toMatchObject({ items: 846, users: 709, clicks: 999, rejected: 0 });
		expect(await logOf(outcome, "000001928162247ffaf63185cd8b2a244c78e7c6")).toEqual([
			'search "Sharp"',
			"click 2009324",
		]);
	});
});
