import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type StageParams, seededDraw } from "@atelier/core";
import { expect, test } from "vitest";
import { runMemoryStage } from "../../src/stages/memory";
import { runSplitStage } from "../../src/stages/split";
import {
	type ExposureRow,
	inTemporaryFolder,
	type LogRow,
	readRows,
	type TinyDataset,
	writeDataset,
	writeRows,
} from "./tiny-dataset";

const items = Array.from({ length: 30 }, (_, index) => ({ id: index + 1, title: `item ${index + 1}` }));
const params = { queries: 2, products: 3, listLength: 10 };

/** Split and memory of a dataset; similarity of two queries is 1 - their distance in id / 10. */
async function remember(
	folder: string,
	dataset: TinyDataset,
	warnings: string[] = [],
	splitParams: Partial<StageParams<"split">> = {},
) {
	const paths = {
		dataset: join(folder, "dataset"),
		split: join(folder, "split"),
		encode: join(folder, "encode"),
		memory: join(folder, "memory"),
	};
	await writeDataset(paths.dataset, dataset);
	for (const path of Object.values(paths)) await mkdir(path, { recursive: true });
	await runSplitStage({
		inputs: { dataset: paths.dataset },
		output: paths.split,
		params: { protocol: "leave-one-out", target: "purchase", trainRatio: 1, ...splitParams },
		seed: 0,
		report: () => {},
		threads: 1,
	});
	const queries = await readRows(paths.split, "queries.parquet", "query_id");
	const ids = queries.map((row) => Number(row.query_id));
	const near = ids.flatMap((a) =>
		[...ids]
			.sort((b, c) => Math.abs(a - b) - Math.abs(a - c))
			.map((b, rank) => `${a}, ${rank + 1}, ${b}, ${1 - Math.abs(a - b) / 10}`),
	);
	await writeRows(
		join(paths.encode, "neighbours.parquet"),
		"query_id INTEGER, rank INTEGER, neighbour_id INTEGER, similarity FLOAT",
		near,
	);
	const result = await runMemoryStage({
		inputs: { dataset: paths.dataset, split: paths.split, encodeQueries: paths.encode },
		output: paths.memory,
		params,
		seed: 0,
		report: (event) => {
			if (event.type === "warning") warnings.push(event.payload.message);
		},
		threads: 1,
	});
	return {
		result,
		queries,
		events: await readRows(paths.split, "events.parquet", "user_id, ord"),
		summary: JSON.parse(await readFile(join(paths.split, "summary.json"), "utf8")),
		examples: await readRows(paths.split, "examples.parquet", "example_id"),
		memory: await readRows(paths.memory, "memory.parquet", "query_id, position"),
		candidates: await readRows(paths.memory, "candidates.parquet", "example_id"),
	};
}

/** A shopper who buys once to be trained on, and searches and buys again at `at`. */
const buyer = (user: number, query: string, at: number, bought: number): LogRow[] => [
	{ user, action: "purchase", item: 30, at: 0 },
	{ user, action: "search", query, at },
	{ user, action: "purchase", item: bought, at: at + 1 },
];

const hours = (at: unknown) => (at instanceof Date ? (at.getTime() - Date.UTC(2024, 0, 1)) / 3_600_000 : Number.NaN);

test("listings merge by similarity over position, from before the session only", () =>
	inTemporaryFolder(async (folder) => {
		const shown = (query: string, at: number, ids: number[]): ExposureRow[] =>
			ids.map((item, index) => ({ query, item, position: index + 1, at }));
		const { candidates, memory, result } = await remember(folder, {
			items,
			// Query ids: "boot" 0 and "shoe" 1, both searched once and so in alphabetical order.
			log: [...buyer(1, "boot", 50, 9), ...buyer(2, "shoe", 10, 8)],
			exposures: [...shown("boot", 5, [1, 2]), ...shown("shoe", 20, [2, 3]), ...shown("boot", 50, [7])],
		});
		// User 1 at 50: boot (1.0) gives 1 → 1 and 2 → 0.5; shoe (0.9) gives 2 → 0.9 and 3 → 0.45; item 7 came too late.
		expect(candidates[0]).toEqual({
			example_id: 0,
			items: [2, 1, 3],
			origins: [1, 0, 1],
			neighbours: [0, 1],
			similarities: [1, expect.closeTo(0.9, 5)],
		});
		// User 2 at 10: its own query has no listing yet, so boot alone (0.9) speaks.
		expect(candidates[1]).toMatchObject({ items: [1, 2], origins: [0, 0], neighbours: [0] });
		expect(memory.map((row) => [row.query_id, row.item_id, row.position])).toEqual([
			[0, 1, 1],
			[0, 7, 2],
			[0, 2, 3],
			[1, 2, 1],
			[1, 3, 2],
		]);
		expect(result).toMatchObject({ source: "exposures", examples: 2, testWithCandidates: 2, testTargetListed: 0 });
	}));

test("without exposures the memory holds what training sessions bought after the query", () =>
	inTemporaryFolder(async (folder) => {
		const bought = (user: number, item: number): LogRow[] => [
			{ user, action: "search", query: "boot", at: user },
			{ user, action: "purchase", item, at: user + 0.5 },
		];
		const { candidates, examples, memory, result } = await remember(folder, {
			items,
			log: [...bought(1, 4), ...bought(2, 5), ...bought(3, 5), ...buyer(4, "boot", 50, 9), ...buyer(5, "boot", 90, 5)],
		});
		expect(result.source).toBe("purchases");
		expect(memory.map((row) => row.item_id)).toEqual([5, 4]);
		const offered = Object.fromEntries(
			examples.map((row, index) => [`${row.user_id} ${row.split}`, candidates[index]?.items]),
		);
		// User 2's own purchase comes after its session began, so only user 1's counts; item 9 was bought in a test session.
		expect(offered).toEqual({ "1 train": [], "2 train": [4], "3 train": [4, 5], "4 test": [5, 4], "5 test": [5, 4] });
	}));

test("without times a shopper's own listings are never offered back", () =>
	inTemporaryFolder(async (folder) => {
		const warnings: string[] = [];
		const timeless = (rows: LogRow[]) => rows.map(({ at: _, ...row }) => row);
		const { candidates, result } = await remember(
			folder,
			{
				items,
				log: [...timeless(buyer(1, "boot", 5, 9)), ...timeless(buyer(2, "boot", 5, 8))],
				exposures: [
					{ query: "boot", item: 9, position: 1, user: 1 },
					{ query: "boot", item: 3, position: 1, user: 7 },
				],
			},
			warnings,
		);
		expect(candidates.map((row) => row.items)).toEqual([[3], [3]]);
		expect(result.shown).toBe(1);
		expect(warnings.length).toBe(2);
	}));

const protocols: Partial<StageParams<"split">>[] = [
	{ protocol: "leave-one-out" },
	{ protocol: "by-time" },
	{ protocol: "leave-one-out", trainRatio: 0.5 },
	{ protocol: "by-time", trainRatio: 0.5 },
];

test.each(protocols)(
	"no listing at or after the session's start, of a held-out part or an untrained shopper reaches the candidates: %j",
	(protocol) =>
		inTemporaryFolder(async (folder) => {
			const draw = seededDraw(3);
			const below = (limit: number) => draw() % limit;
			const log: LogRow[] = [];
			const exposures: ExposureRow[] = [];
			for (let user = 1; user <= 40; user += 1) {
				let at = below(200);
				for (let visit = below(4); visit >= 0; visit -= 1) {
					const query = `q${below(6)}`;
					log.push({ user, action: "search", query, at });
					for (let position = 1; position <= 4; position += 1)
						exposures.push({ query, item: 1 + below(30), position, at, user });
					log.push({ user, action: "purchase", item: 1 + below(30), at: at + 1 });
					at += 1 + below(60);
				}
			}
			const { candidates, examples, events, queries, summary } = await remember(
				folder,
				{ items, log, exposures },
				[],
				protocol,
			);
			const trained = new Set(events.filter((row) => row.train).map((row) => row.user_id));
			const trainUntil = summary.trainUntil === null ? Number.POSITIVE_INFINITY : hours(new Date(summary.trainUntil));
			expect(Number.isFinite(trainUntil)).toBe(protocol.protocol === "by-time");
			const queryId = new Map(queries.map((row) => [row.query, row.query_id]));
			const held = new Map<unknown, number>();
			for (const row of examples) {
				if (row.split === "train") continue;
				held.set(row.user_id, Math.min(held.get(row.user_id) ?? Number.POSITIVE_INFINITY, hours(row.session_at)));
			}
			let checked = 0;
			examples.forEach((example, index) => {
				const offered = candidates[index];
				const { items: offeredItems, origins, neighbours } = offered ?? {};
				if (!Array.isArray(offeredItems) || !Array.isArray(origins) || !Array.isArray(neighbours))
					throw new Error("no lists");
				offeredItems.forEach((item, place) => {
					const allowed = exposures.filter(
						(row) =>
							row.item === item &&
							queryId.get(row.query) === neighbours[Number(origins[place])] &&
							(row.at ?? 0) < hours(example.session_at) &&
							trained.has(row.user) &&
							(row.at ?? 0) < trainUntil &&
							(row.at ?? 0) < (held.get(row.user) ?? Number.POSITIVE_INFINITY),
					);
					expect(allowed.length).toBeGreaterThan(0);
					checked += 1;
				});
			});
			expect(checked).toBeGreaterThan(100);
		}),
);

test("by time the stored memory ends where the training part does, whoever saw the listing", () =>
	inTemporaryFolder(async (folder) => {
		const log = Array.from({ length: 10 }, (_, index): LogRow[] => [
			{ user: index + 1, action: "search", query: "boot", at: index + 0.5 },
			{ user: index + 1, action: "purchase", item: index + 1, at: index + 1 },
		]).flat();
		const exposures = [
			{ query: "boot", item: 21, position: 1, at: 8.9 },
			{ query: "boot", item: 22, position: 1, at: 9, user: 1 },
			{ query: "boot", item: 23, position: 1, at: 9.1 },
			{ query: "boot", item: 24, position: 1 },
		];
		const warnings: string[] = [];
		const shown = await remember(folder, { items, log, exposures }, warnings, { protocol: "by-time" });
		expect(shown.memory.map((row) => row.item_id)).toEqual([21]);
		expect(shown.candidates.at(-1)?.items).toEqual([21]);
		expect(warnings).toHaveLength(1);
		// Without exposures: what training purchases followed, the validation purchase (item 9) not among them.
		const bought = await remember(folder, { items, log }, [], { protocol: "by-time" });
		expect(bought.memory.map((row) => Number(row.item_id)).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
		expect(bought.candidates.at(-1)?.items).not.toContain(9);
	}));
