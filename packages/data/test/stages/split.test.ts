import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { keptEvents, type StageParams, seededDraw, splitSequence } from "@atelier/core";
import { expect, test } from "vitest";
import { runSplitStage } from "../../src/stages/split";
import {
	inTemporaryFolder,
	type LogRow,
	millisecondsOf,
	readRows,
	type TinyDataset,
	writeDataset,
} from "./tiny-dataset";

async function split(folder: string, dataset: TinyDataset, params: Partial<StageParams<"split">> = {}, seed = 0) {
	const output = join(folder, "split");
	await writeDataset(join(folder, "dataset"), dataset);
	await mkdir(output, { recursive: true });
	const result = await runSplitStage({
		inputs: { dataset: join(folder, "dataset") },
		output,
		params: { protocol: "leave-one-out", target: "purchase", trainRatio: 1, ...params },
		seed,
		report: () => {},
		threads: 1,
	});
	return {
		result,
		queries: await readRows(output, "queries.parquet", "query_id"),
		events: await readRows(output, "events.parquet", "user_id, ord"),
		examples: await readRows(output, "examples.parquet", "example_id"),
		summary: JSON.parse(await readFile(join(output, "summary.json"), "utf8")),
	};
}

const items = Array.from({ length: 9 }, (_, index) => ({ id: index + 1, title: `item ${index + 1}` }));

test("last purchase is test, the one before validation, the rest training", () =>
	inTemporaryFolder(async (folder) => {
		const log: LogRow[] = [
			{ user: 1, action: "search", query: "boots", at: 0 },
			{ user: 1, action: "click", item: 2, at: 1 },
			{ user: 1, action: "purchase", item: 1, at: 2 },
			{ user: 1, action: "click", item: 3, at: 3 },
			{ user: 1, action: "purchase", item: 4, at: 4 },
			{ user: 1, action: "search", query: "scarf", at: 40 },
			{ user: 1, action: "click", item: 5, at: 41 },
			{ user: 1, action: "purchase", item: 5, at: 42 },
			{ user: 2, action: "purchase", item: 1, at: 0 },
			{ user: 2, action: "purchase", item: 2, at: 1 },
			{ user: 3, action: "search", query: "boots", at: 0 },
			{ user: 3, action: "purchase", item: 6, at: 1 },
		];
		const { examples, events, queries, summary } = await split(folder, { items, log });
		expect(queries).toEqual([
			{ query_id: 0, query: "boots", derived: false, searches: 2 },
			{ query_id: 1, query: "scarf", derived: false, searches: 1 },
		]);
		const facts = examples.map((row) => [
			row.user_id,
			row.split,
			row.target_item,
			row.session_ord,
			row.query_id,
			row.cold,
		]);
		expect(facts).toEqual([
			[1, "train", 1, 0, 0, false],
			[1, "valid", 4, 3, null, true],
			[1, "test", 5, 5, 1, true],
			// Bought before anything else was seen: user 2's first purchase is no example; item 2 is never trained on …
			[2, "test", 2, 1, null, false],
			// … were it not that user 1 clicked it in the training part.
			[3, "train", 6, 0, 0, false],
		]);
		expect(examples[2]?.session_at).toEqual(new Date(millisecondsOf(40)));
		// The click on item 5 is gone because user 1 buys it; ord keeps the dataset's own count.
		expect(events.filter((row) => row.user_id === 1).map((row) => [row.ord, row.train])).toEqual([
			[0, true],
			[1, true],
			[2, true],
			[3, true],
			[4, false],
			[5, false],
			[7, false],
		]);
		expect(summary).toMatchObject({ users: 3, droppedClicks: 1, trainExamples: 2, validExamples: 1, testExamples: 2 });
	}));

test("an idle day starts a session only where there are times", () =>
	inTemporaryFolder(async (folder) => {
		const visits = (user: number, at: (hours: number) => number | undefined): LogRow[] => [
			{ user, action: "purchase", item: 1, at: at(0) },
			{ user, action: "search", query: "hat", at: at(1) },
			{ user, action: "click", item: 2, at: at(25) },
			{ user, action: "purchase", item: 3, at: at(26) },
		];
		const log = [...visits(1, (hours) => hours), ...visits(2, () => undefined)];
		const { examples } = await split(folder, { items, log });
		expect(examples.map((row) => [row.user_id, row.session_ord, row.query_id])).toEqual([
			[1, 2, null],
			[2, 1, 0],
		]);
	}));

test.each([
	["leave-one-out", "purchase"],
	["by-time", "purchase"],
	["leave-one-out", "click"],
	["by-time", "click"],
] as const)("the SQL split %s of each %s agrees with the reference on random logs", (protocol, target) =>
	inTemporaryFolder(async (folder) => {
		const draw = seededDraw(7);
		const below = (limit: number) => draw() % limit;
		const log: LogRow[] = [];
		for (let user = 1; user <= 80; user += 1) {
			let at = below(100);
			for (let step = below(14); step >= 0; step -= 1) {
				at += below(6) === 0 ? 24 : below(5);
				const action = (["search", "click", "click", "purchase"] as const)[below(4)] ?? "click";
				log.push(
					action === "search" ? { user, action, query: `q${below(5)}`, at } : { user, action, item: 1 + below(9), at },
				);
			}
		}
		const { examples, events } = await split(folder, { items, log }, { protocol, target });
		const asEvents = (rows: readonly LogRow[]) =>
			rows.map((row) => ({ action: row.action, itemId: row.item ?? null, at: millisecondsOf(row.at ?? 0) }));
		const times = Array.from({ length: 80 }, (_, place) => {
			const own = asEvents(log.filter((row) => row.user === place + 1));
			const kept = keptEvents(own, target);
			return own.flatMap(({ action, at }, index) => (action === target && kept[index] ? [at] : []));
		}).flat();
		const sorted = times.sort((a, b) => a - b);
		const timeOf = (tenths: number) => sorted[Math.floor((sorted.length * tenths) / 10)] ?? 0;
		const cut = protocol === "by-time" ? { validFrom: timeOf(8), testFrom: timeOf(9) } : null;
		for (let user = 1; user <= 80; user += 1) {
			const own = log.filter((row) => row.user === user);
			const reference = splitSequence(asEvents(own), cut, target);
			const queryIds = new Map(
				events.filter((row) => row.query_id !== null).map((row) => [`${row.user_id}:${row.ord}`, row.query_id]),
			);
			expect(
				examples
					.filter((row) => row.user_id === user)
					.map((row) => [row.split, row.target_ord, row.session_ord, row.query_id]),
			).toEqual(
				reference.examples.map(({ split, target, session, search }) => [
					split,
					target,
					session,
					search === null ? null : queryIds.get(`${user}:${search}`),
				]),
			);
			expect(events.filter((row) => row.user_id === user).map((row) => [row.ord, row.train])).toEqual(
				reference.kept.flatMap((kept, ord) => (kept ? [[ord, reference.train[ord]]] : [])),
			);
		}
	}),
);

test("low-resource keeps a seeded share of training sequences and every test example", () =>
	inTemporaryFolder(async (folder) => {
		const log = Array.from({ length: 40 }, (_, user): LogRow[] =>
			[1, 2, 3, 4].map((item) => ({ user: user + 1, action: "purchase", item, at: item })),
		).flat();
		const all = await split(folder, { items, log });
		const quarter = await split(folder, { items, log }, { trainRatio: 0.25 }, 1);
		const again = await split(folder, { items, log }, { trainRatio: 0.25 }, 1);
		const other = await split(folder, { items, log }, { trainRatio: 0.25 }, 2);
		expect(all.result).toMatchObject({ trainExamples: 40, testExamples: 40 });
		expect(quarter.result).toMatchObject({ trainExamples: 10, validExamples: 40, testExamples: 40 });
		expect(new Set(quarter.events.filter((row) => row.train).map((row) => row.user_id)).size).toBe(10);
		expect(quarter.examples).toEqual(again.examples);
		expect(quarter.examples).not.toEqual(other.examples);
	}));

test("a log in which nobody buys twice is refused", () =>
	inTemporaryFolder(async (folder) => {
		const log: LogRow[] = [
			{ user: 1, action: "search", query: "hat" },
			{ user: 1, action: "purchase", item: 1 },
		];
		await expect(split(folder, { items, log })).rejects.toMatchObject({ code: "BAD_DATA" });
	}));

/** Purchases at hours 1 to 10, one a shopper, each after a click an hour before: T_valid = 9, T_test = 10. */
const tenBuyers = Array.from({ length: 10 }, (_, index): LogRow[] => [
	{ user: index + 1, action: "click", item: 9, at: index },
	{ user: index + 1, action: "purchase", item: 1 + (index % 8), at: index + 1 },
]).flat();

test("by time the last fifth and tenth of the purchases are held out, and nothing later is trained on", () =>
	inTemporaryFolder(async (folder) => {
		const log: LogRow[] = [...tenBuyers, { user: 1, action: "click", item: 5, at: 9 }];
		const { examples, events, summary } = await split(folder, { items, log }, { protocol: "by-time" });
		expect(examples.map((row) => [row.user_id, row.split, row.cold])).toEqual([
			...[1, 2, 3, 4, 5, 6, 7, 8].map((user) => [user, "train", false]),
			[9, "valid", false],
			[10, "test", false],
		]);
		expect(summary.trainUntil).toBe("2024-01-01T09:00:00.000000Z");
		const validFrom = new Date(millisecondsOf(9));
		for (const row of events) expect(row.train).toBe(row.at instanceof Date && row.at < validFrom);
		// Shopper 1 has nothing held out, and yet a click at T_valid is not trained on.
		expect(events.filter((row) => row.user_id === 1).map((row) => row.train)).toEqual([true, true, false]);
	}));

test("by time of several purchases in one held-out part only a shopper's last is predicted", () =>
	inTemporaryFolder(async (folder) => {
		const bought = (user: number, item: number, at: number): LogRow => ({ user, action: "purchase", item, at });
		// Twenty purchases: T_valid is the 17th (hour 17), T_test the 19th (hour 19).
		const early = Array.from({ length: 16 }, (_, index) => bought(2 + (index % 4), 1 + (index % 4), index + 1));
		const log = [...early, bought(1, 5, 17), bought(1, 6, 18), bought(1, 7, 19), bought(1, 8, 20)];
		const { examples } = await split(folder, { items, log }, { protocol: "by-time" });
		expect(examples.filter((row) => row.user_id === 1).map((row) => [row.split, row.target_item, row.cold])).toEqual([
			["valid", 6, true],
			["test", 8, true],
		]);
	}));

test("a log without times cannot be split by time", () =>
	inTemporaryFolder(async (folder) => {
		const log = tenBuyers.map(({ at: _, ...row }) => row);
		await expect(split(folder, { items, log }, { protocol: "by-time" })).rejects.toMatchObject({
			code: "BAD_DATA",
			message: expect.stringContaining("leave-one-out"),
		});
	}));

test("low-resource takes whole shoppers out of the training part: events, examples and what counts as seen", () =>
	inTemporaryFolder(async (folder) => {
		for (const protocol of ["leave-one-out", "by-time"] as const) {
			const log = Array.from({ length: 20 }, (_, user): LogRow[] =>
				[1, 2, 3, 4].map((place) => ({
					user: user + 1,
					action: "purchase",
					item: 1 + ((user + place) % 9),
					at: place * 20 + user,
				})),
			).flat();
			const { examples, events } = await split(folder, { items, log }, { protocol, trainRatio: 0.2 }, 3);
			const kept = new Set(events.filter((row) => row.train).map((row) => row.user_id));
			expect(kept.size).toBe(4);
			for (const row of examples) if (row.split === "train") expect(kept).toContain(row.user_id);
			const trained = new Set(events.filter((row) => row.train).map((row) => row.item_id));
			for (const row of examples) expect(row.cold).toBe(!trained.has(row.target_item));
			// A kept shopper's history, and every test example, stays whole.
			expect(events).toHaveLength(log.length);
			expect(examples.filter((row) => row.split === "test").length).toBeGreaterThan(0);
		}
	}));

test("a log of clicks alone is split by its last clicks, and a page that is loaded again is no click", () =>
	inTemporaryFolder(async (folder) => {
		const log: LogRow[] = [
			{ user: 1, action: "search", query: "boots", at: 0 },
			{ user: 1, action: "click", item: 1, at: 1 },
			{ user: 1, action: "click", item: 2, at: 2 },
			{ user: 1, action: "search", query: "scarf", at: 3 },
			{ user: 1, action: "click", item: 3, at: 4 },
			{ user: 1, action: "click", item: 3, at: 5 },
			{ user: 1, action: "search", query: "hat", at: 6 },
			{ user: 2, action: "click", item: 4, at: 0 },
		];
		const { examples, events, queries } = await split(folder, { items, log }, { target: "click" });
		expect(examples.map((row) => [row.user_id, row.split, row.target_item, row.target_ord])).toEqual([
			[1, "train", 1, 1],
			[1, "valid", 2, 2],
			[1, "test", 3, 4],
		]);
		// The last search before each, although the session goes on to search for hats.
		const words = new Map(queries.map((row) => [row.query_id, row.query]));
		expect(examples.map((row) => words.get(row.query_id))).toEqual(["boots", "boots", "scarf"]);
		expect(events.filter((row) => row.user_id === 1).map((row) => row.ord)).toEqual([0, 1, 2, 3, 4, 6]);
		expect(events.filter((row) => row.train).map((row) => row.ord)).toEqual([0, 1, 0]);
		await expect(split(folder, { items, log })).rejects.toThrow(/No shopper has two purchases/);
	}));
