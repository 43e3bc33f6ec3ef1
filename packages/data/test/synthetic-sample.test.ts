import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { SAMPLE_CATEGORIES, writeSample } from "../src/synthetic";
import { groupBy, makeLog, type Row } from "./synthetic-log";

const log = await makeLog("clothing", 600);
const byUser = groupBy(log.interactions, "user_id");
const itemOf = new Map(log.items.map((item) => [item.item_id, item]));
const seconds = (row: Row | undefined) => Date.parse(row?.timestamp ?? "") / 1000;
const DAY = 86_400;

test("the same seed writes the same bytes", async () => {
	expect((await makeLog("footwear", 60, 7)).bytes).toBe((await makeLog("footwear", 60, 7)).bytes);
});

test("another seed and another category write other bytes", async () => {
	const { bytes } = await makeLog("footwear", 60, 7);
	expect((await makeLog("footwear", 60, 8)).bytes).not.toBe(bytes);
	expect((await makeLog("luggage-bags", 60, 7)).bytes).not.toBe(bytes);
});

test("a shopper does what the first shoppers do however many follow", async () => {
	const [few, more] = [await makeLog("footwear", 40), await makeLog("footwear", 41)];
	expect(more.items.slice(0, 200)).toEqual(few.items.slice(0, 200));
});

test("every category makes a log with its own words", async () => {
	const types = await Promise.all(
		SAMPLE_CATEGORIES.map(async ({ slug }) => new Set((await makeLog(slug, 60)).items.map((item) => item.category))),
	);
	for (const [index, own] of types.entries()) {
		expect(own.size).toBeGreaterThan(5);
		for (const other of types.slice(index + 1)) expect([...own].filter((type) => other.has(type))).toEqual([]);
	}
});

test("item keys are distinct and every interaction and exposure names one of them", () => {
	expect(itemOf.size).toBe(log.items.length);
	const named = [...log.interactions, ...log.exposures].flatMap((row) => (row.item_id ? [row.item_id] : []));
	expect(named.filter((key) => !itemOf.has(key))).toEqual([]);
});

test("a search has a query and no item, a click and a purchase an item and no query", () => {
	for (const { action, item_id, query } of log.interactions) {
		expect([item_id !== "", query !== ""]).toEqual(action === "search" ? [false, true] : [true, false]);
	}
});

test("positions of one search start at 1 and have no gap", () => {
	const stamped = log.exposures.map((row) => ({ ...row, search: `${row.user_id}/${row.timestamp}/${row.query}` }));
	const searches = groupBy(stamped, "search");
	expect(searches.size).toBe(log.statistics.searches);
	for (const page of searches.values()) {
		expect(page.map(({ position }) => Number(position))).toEqual(page.map((_, index) => index + 1));
	}
});

test("a shopper's rows are in order of time, and a purchase is followed by a day of rest", () => {
	for (const rows of byUser.values()) {
		for (const [index, row] of rows.slice(1).entries()) {
			const pause = seconds(row) - seconds(rows[index]);
			expect(pause).toBeGreaterThan(rows[index]?.action === "purchase" ? DAY : 0);
		}
	}
});

test("nothing is shown before its launch", () => {
	for (const row of log.exposures) {
		expect(seconds(row)).toBeGreaterThanOrEqual(Date.parse(itemOf.get(row.item_id)?.launched_at ?? "") / 1000);
	}
});

test("no shopper buys one item twice", () => {
	for (const rows of byUser.values()) {
		const bought = rows.filter(({ action }) => action === "purchase").map(({ item_id }) => item_id);
		expect(new Set(bought).size).toBe(bought.length);
	}
});

test("titles of one family differ where colour and size are said, and carry most brands", () => {
	const branded = log.items.filter(({ title, brand }) => title?.toLowerCase().includes((brand ?? "").toLowerCase()));
	expect(branded.length / log.items.length).toBeGreaterThan(0.75);
	expect(new Set(log.items.map(({ title }) => title)).size / log.items.length).toBeGreaterThan(0.75);
});

test("a number of shoppers or a seed that makes no sense is refused by name", async () => {
	const rest = { category: "footwear", seed: 1, outDir: "unused" } as const;
	await expect(async () => writeSample({ ...rest, users: 0 })).rejects.toThrow(/users/);
	await expect(async () => writeSample({ ...rest, users: 2, seed: -1 })).rejects.toThrow(/seed/);
});

test("a folder that cannot be written to fails the promise", async () => {
	await expect(
		writeSample({ category: "footwear", users: 2, seed: 1, outDir: join(fileURLToPath(import.meta.url), "sample") }),
	).rejects.toThrow();
});

test("version 1 is frozen: the same bytes as on the day it was calibrated", async () => {
	const { bytes, statistics } = await makeLog("luggage-bags", 50, 1);
	expect([statistics.version, createHash("sha256").update(bytes).digest("hex").slice(0, 16)]).toEqual([
		1,
		"5ea4cce829a36a25",
	]);
});
