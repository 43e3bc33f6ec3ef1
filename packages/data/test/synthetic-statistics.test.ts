import { expect, test } from "vitest";
import { PURCHASE_SOURCES, SAMPLE_CATEGORIES } from "../src/synthetic";
import { groupBy, type Log, makeLog, type Row } from "./synthetic-log";

const logs = await Promise.all(SAMPLE_CATEGORIES.map(async ({ slug }) => ({ slug, log: await makeLog(slug, 1200) })));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Shares of purchases by source, as documented in docs/synthetic.md. */
const DOCUMENTED = { opened: 0.58, results: 0.17, related: 0.07, earlier: 0.07, browsing: 0.06, new: 0.05 };

test.each(logs)("$slug has the paper's lengths and sparsity", ({ log }) => {
	const { interactionsPerUser, interactionsPerItem, itemsPerUser } = log.statistics;
	expect(interactionsPerUser).toBeGreaterThan(10.5);
	expect(interactionsPerUser).toBeLessThan(13.3);
	expect(interactionsPerItem).toBeGreaterThan(1.9);
	expect(interactionsPerItem).toBeLessThan(2.6);
	expect(itemsPerUser).toBeCloseTo(5.5, 1);
});

test.each(PURCHASE_SOURCES)("purchases from %s are near their documented share", (source) => {
	const share = mean(logs.map(({ log }) => log.statistics.purchasesBySource[source]));
	expect(Math.abs(share - DOCUMENTED[source])).toBeLessThan(0.02);
});

test("the counted statistics are those of the written files", () => {
	for (const { log } of logs) {
		const count = (action: string) => log.interactions.filter((row) => row.action === action).length;
		const { statistics } = log;
		expect([statistics.searches, statistics.clicks, statistics.purchases]).toEqual(
			["search", "click", "purchase"].map(count),
		);
		expect([statistics.items, statistics.exposures]).toEqual([log.items.length, log.exposures.length]);
		expect(statistics.users).toBe(new Set(log.interactions.map((row) => row.user_id)).size);
	}
});

test("turnover: a visible share of last purchases is of items unseen in training", () => {
	const share = mean(logs.map(({ log }) => unseenShare(log)));
	expect(share).toBeGreaterThan(0.15);
	expect(share).toBeLessThan(0.3);
});

test("comparison: shoppers click several items before they buy, and some a great many", () => {
	for (const { log } of logs) {
		expect(log.statistics.clicks / log.statistics.purchases).toBeGreaterThan(3);
		const longest = Math.max(...[...groupBy(log.interactions, "user_id").values()].map((rows) => rows.length));
		expect(longest).toBeGreaterThan(30);
	}
});

test("queries: one need is worded in many ways, and some wordings come back", () => {
	for (const { log } of logs) {
		const share = log.statistics.distinctQueries / log.statistics.searches;
		expect(share).toBeGreaterThan(0.8);
		expect(share).toBeLessThan(0.98);
	}
});

test("position bias: what stands first is opened more often than what stands last", () => {
	const { log } = pick("footwear");
	const clicked = new Set(
		log.interactions.filter(({ action }) => action === "click").map((row) => `${row.user_id}/${row.item_id}`),
	);
	const rate = (low: number, high: number) => {
		const shown = log.exposures.filter(({ position }) => Number(position) >= low && Number(position) <= high);
		return mean(shown.map((row) => (clicked.has(`${row.user_id}/${row.item_id}`) ? 1 : 0)));
	};
	expect(rate(1, 4)).toBeGreaterThan(1.8 * rate(9, 16));
});

test("season: summer items sell in summer more than in winter, sandals too", () => {
	const { log } = pick("footwear");
	const summer = (item: Row) => item.season === "Summer";
	expect(soldShare(log, summer, [6, 7, 8])).toBeGreaterThan(1.8 * soldShare(log, summer, [12, 1, 2]));
	const sandals = (item: Row) => item.category === "Sandals";
	expect(soldShare(log, sandals, [6, 7, 8])).toBeGreaterThan(1.5 * soldShare(log, sandals, [12, 1, 2]));
});

test("holiday: Christmas items sell in December more than over the year", () => {
	const christmas = (item: Row) => item.holiday === "Christmas";
	const december = mean(logs.map(({ log }) => soldShare(log, christmas, [12])));
	const earlier = mean(logs.map(({ log }) => soldShare(log, christmas, [2, 3, 4, 5, 6, 7, 8, 9, 10])));
	expect(december).toBeGreaterThan(2 * earlier);
});

function pick(slug: string): { log: Log } {
	const found = logs.find((entry) => entry.slug === slug);
	if (!found) throw new Error(`no log for ${slug}`);
	return found;
}

/** Share of the purchases in those months (1 to 12) that are of such items. */
function soldShare(log: Log, wanted: (item: Row) => boolean, months: readonly number[]): number {
	const items = new Map(log.items.map((item) => [item.item_id, item]));
	const bought = log.interactions.filter(
		(row) => row.action === "purchase" && months.includes(Number(row.timestamp?.slice(5, 7))),
	);
	return mean(
		bought.map((row) => {
			const item = items.get(row.item_id);
			return item && wanted(item) ? 1 : 0;
		}),
	);
}

/** Leave-one-out by hand: last purchases of users with two or more, against what came before any held-out purchase. */
function unseenShare(log: Log): number {
	const seen = new Set<string | undefined>();
	const targets: (string | undefined)[] = [];
	for (const rows of groupBy(log.interactions, "user_id").values()) {
		const bought = rows.filter(({ action }) => action === "purchase");
		const items = new Set(bought.map(({ item_id }) => item_id));
		const heldOut = bought.length >= 3 ? bought.at(-2) : bought.length === 2 ? bought.at(-1) : undefined;
		const training = heldOut ? rows.slice(0, rows.indexOf(heldOut)) : rows;
		for (const { action, item_id } of training) if (action !== "click" || !items.has(item_id)) seen.add(item_id);
		if (bought.length >= 2) targets.push(bought.at(-1)?.item_id);
	}
	return mean(targets.map((target) => (seen.has(target) ? 0 : 1)));
}
