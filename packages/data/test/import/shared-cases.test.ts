import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyStore, failureOf, folderWith, importInto, lines, logOf, SHARED_DATA } from "./fixture";

/** Small logs that somebody met in public, beside the checkout; absent in most clones. */
const CASES = resolve(SHARED_DATA, "../cases");
const present = existsSync(CASES);
if (!present) console.warn(`Skipped: the cases are not at ${CASES}.`);

describe.skipIf(!present)("logs that somebody met", () => {
	it.each([
		["06-recbole-item-list", "recbole", { users: 8, purchases: 40, rejected: 0 }],
		["06b-recbole-session-files", "recbole", { users: 4, purchases: 18, rejected: 0 }],
		["07-recbole-space-separated", "recbole", { users: 2, purchases: 3, rejected: 0 }],
		["12f-microseconds", "recbole", { rejected: 0 }],
		["16b-jsonl-half-surrogate", "atelier", { rejected: 0 }],
		["17-pandas-index", "atelier", { users: 4, purchases: 12, rejected: 0 }],
		["17c-cr-only", "atelier", { users: 4, items: 2, rejected: 0 }],
		["17d-trailing-comma-header", "atelier", { users: 4, purchases: 12, rejected: 0 }],
		["20-dollar-prices", "atelier", { items: 40, rejected: 0 }],
		["20c-one-bad-price", "atelier", { rejected: 0 }],
	] as const)("%s is read whole", async (name, format, counts) => {
		const outcome = await importInto(await emptyStore(), { path: join(CASES, name), format });
		expect(outcome.manifest.counts).toMatchObject(counts);
		expect(outcome.manifest.summary?.firstAt?.slice(0, 4) ?? "none").not.toBe("1970");
	});

	it("06b: each user has the items that the files state", async () => {
		const outcome = await importInto(await emptyStore(), {
			path: join(CASES, "06b-recbole-session-files"),
			format: "recbole",
		});
		const purchases = (...items: number[]) => items.map((item) => `purchase ${item}`);
		expect(await logOf(outcome, "1")).toEqual(purchases(1, 2, 3, 4, 5, 6, 7, 8));
		expect(await logOf(outcome, "2")).toEqual(purchases(4, 5, 6, 7, 8));
		expect(await logOf(outcome, "3")).toEqual(purchases(4, 5, 6));
		expect(await logOf(outcome, "4")).toEqual(purchases(3, 4));
	});

	it.each([
		["18-backslash-escapes", /escape: "\\"/],
		["21-windows-1252", /line 2: 0,Caf\\xE9.*--encoding windows-1252/],
	])("%s names what would read it", async (name, message) => {
		const error = await failureOf({ path: join(CASES, name), format: "atelier", maxRejectedShare: 0 });
		expect(error.message).toMatch(message);
	});

	it("24: the first reason is the real one", async () => {
		const error = await failureOf({ path: join(CASES, "24-python-dict-lines"), format: "amazon-reviews" });
		expect(error.message).toMatch(/meta_Clothing\.jsonl: line 1 is a Python literal/);
	});

	it.each([
		["12b-excel-serial-dates", /"43101\.0".*1 January 2018.*format: serial-days/],
		["12c-us-dates", /"1\/1\/2011 8:10".*format: "%m\/%d\/%Y %H:%M"\} reads all of them/],
	])("%s: the times are refused with what to write", async (name, message) => {
		const mapping = await folderWith({
			"map.yaml": lines(
				"interactions: [{file: sales.csv, userId: customer_id, itemId: sku, action: purchase, timestamp: date}]",
			),
		});
		const error = await failureOf({ path: join(CASES, name), format: "mapping", mapping: join(mapping, "map.yaml") });
		expect(error.message).toMatch(message);
	});
});
