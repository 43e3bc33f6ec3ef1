import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { exampleColumns, openDuckDb, runSplitStage } from "@atelier/data";
import { createPool, type Pool } from "@atelier/db";
import { keepExampleColumns, keepRanks, keepRunColumns, keepSplitSet } from "@atelier/jobs";
import { computeWaiting } from "@atelier/jobs/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Console, seedDataset, startConsole } from "./console";
import { seedRun } from "./measured";

/**
 * A log of 300 shoppers with two seasons, prices, searches and pauses, split by the stage that splits, its attributes read
 * as the worker reads them, and three methods of ranks. What the console says of it stands in a file beside the log, and
 * packages/trainer/tests/test_slices_reference.py works it out anew. After a change that is meant: vitest -u
 */
const SHOPPERS = 300;
const ITEMS = 40;
const SEASONS = ["Winter", "Summer", "winter, Spring", null];

const items = Array.from({ length: ITEMS }, (_, i) => {
	const season = SEASONS[i % SEASONS.length];
	return {
		id: i + 1,
		price: i % 6 === 5 ? null : 5 + ((i * 37) % 90),
		attributes: { ...(season && { season }), brand: `Brand ${i % 7}`, heel: String(i % 5) },
	};
});

interface Event {
	user: number;
	action: "search" | "click" | "purchase";
	item: number | null;
	query: string | null;
	/** Hours after 2024-01-01. */
	at: number;
}

const log: Event[] = Array.from({ length: SHOPPERS }, (_, shopper) => shopper + 1).flatMap((user) => {
	const visits = 2 + (user % 3);
	return Array.from({ length: visits }, (_, visit): Event[] => {
		const start = ((user * 131) % 5_000) + visit * 700;
		const clicks = (user * 7 + visit) % 5;
		const browsed = Array.from({ length: clicks }, (_, i): Event => {
			return {
				user,
				action: "click",
				item: 1 + ((user * 3 + visit * 5 + (i >> 1)) % (ITEMS - 4)),
				query: null,
				at: start + 1 + i,
			};
		});
		// Some leave for two days between the search and the purchase.
		const pause = user % 11 === 0 ? 48 : 0;
		const isLast = visit === visits - 1;
		const bought = isLast && user % 5 === 0 ? ITEMS - (user % 4) : 1 + ((user * user + visit) % (ITEMS - 4));
		const searches: Event[] =
			user % 4 === 0 ? [] : [{ user, action: "search", item: null, query: `query ${(user * user) % 23}`, at: start }];
		return [...searches, ...browsed, { user, action: "purchase", item: bought, query: null, at: start + 10 + pause }];
	}).flat();
});

const rankOf = (method: number, user: number): number | null => {
	const spread = (user * (17 + method * 6) + method * user * user) % 29;
	return spread === 0 ? null : spread - (method === 0 ? Math.floor(spread / 2) : 0);
};

let console_: Console;
let pool: Pool;
let folder: string;

beforeAll(async () => {
	[console_, folder] = await Promise.all([startConsole(), mkdtemp(join(tmpdir(), "atelier-sliced-"))]);
	pool = createPool(console_.url);
	await seedDataset(console_, { id: "d", name: "shop" });
	await writeLog(folder);
	await seedSplit();
}, 120_000);
afterAll(async () => {
	await pool?.end();
	await console_?.stop();
	await rm(folder, { recursive: true, force: true });
});

async function writeLog(dataset: string): Promise<void> {
	const db = await openDuckDb();
	try {
		const written = await db.writer("log", {
			user_id: "integer",
			ord: "integer",
			action: "text",
			item_id: "integer",
			query: "text",
			at_hours: "integer",
		});
		const ords = new Map<number, number>();
		for (const { user, action, item, query, at } of log) {
			const ord = ords.get(user) ?? 0;
			ords.set(user, ord + 1);
			written.append([user, ord, action, item, query, at]);
		}
		await written.close();
		const catalogue = await db.writer("catalogue", { item_id: "integer", attributes: "text", price: "double" });
		for (const { id, attributes, price } of items) catalogue.append([id, JSON.stringify(attributes), price]);
		await catalogue.close();
		await db.writeParquet(
			`SELECT user_id, 'u' || user_id AS user_key, ord, action, item_id, query, false AS derived,
				TIMESTAMP '2024-01-01' + to_hours(at_hours) AS "at" FROM log`,
			join(dataset, "interactions.parquet"),
		);
		await db.writeParquet("SELECT *, 'k' AS item_key, 't' AS title FROM catalogue", join(dataset, "items.parquet"));
		await db.writeParquet(
			'SELECT NULL::VARCHAR AS query, 1 AS item_id, 1 AS position, NULL::TIMESTAMP AS "at", 1 AS user_id LIMIT 0',
			join(dataset, "exposures.parquet"),
		);
	} finally {
		db.close();
	}
}

/** The split's stage and examples, three runs on it, and the attributes of its examples. */
async function seedSplit(): Promise<void> {
	const { db } = console_.services;
	const split = join(folder, "split");
	await mkdir(split);
	await runSplitStage({
		inputs: { dataset: folder },
		output: split,
		params: { protocol: "leave-one-out", target: "purchase", trainRatio: 1 },
		seed: 0,
		report: () => {},
		threads: 1,
	});
	const stage = { key: "split", kind: "split", datasetId: "d", revision: 1, params: {}, seed: 0, inputs: {} };
	await db.stage.create({ data: { ...stage, status: "succeeded" } });
	const duckdb = await openDuckDb();
	const examples = [];
	try {
		const rows = duckdb.stream(`SELECT example_id, user_id, target_item, target_ord, session_ord, cold
			FROM read_parquet('${join(split, "examples.parquet")}') WHERE split = 'test' ORDER BY example_id`);
		for await (const batch of rows) examples.push(...batch);
	} finally {
		duckdb.close();
	}
	const numbers = examples.map(({ example_id, user_id, target_item, target_ord, session_ord, cold }) => ({
		stageKey: "split",
		exampleId: Number(example_id),
		userId: Number(user_id),
		userKey: `u${user_id}`,
		targetItem: Number(target_item),
		targetOrd: Number(target_ord),
		sessionOrd: Number(session_ord),
		cold: cold === true,
	}));
	await db.example.createMany({ data: numbers });
	for (const [method, name] of ["ours", "core", "sasrec"].entries()) {
		const runId = await seedRun(console_, { datasetId: "d", method: name, ranks: [] });
		await db.prediction.createMany({
			data: numbers.map(({ exampleId, userId, targetItem, cold }) => ({
				runId,
				exampleId,
				userId,
				groundTruth: targetItem,
				rank: rankOf(method, userId),
				items: Array.from({ length: 20 }, (_, i) => i + 1),
				origins: [],
				cold,
			})),
		});
		await keepRanks(pool, runId);
		await db.runStage.create({ data: { runId, stageKey: "split", ordinal: 0 } });
	}
	const set = await keepSplitSet(pool, "split");
	if (set === null) throw new Error("no examples");
	await seedPrompts(numbers, set.setKey);
	await keepExampleColumns(pool, "split", set.setKey, await exampleColumns({ dataset: folder, split }));
}

type Asked = Omit<Parameters<Console["owner"]["results"]["sliced"]>[0], "dataset">;

/** What the prompts of ours showed: every third shopper's target, and answers of which every other is a candidate. */
async function seedPrompts(examples: readonly { exampleId: number; userId: number }[], setKey: string): Promise<void> {
	const { db } = console_.services;
	const { id: runId } = await db.run.findFirstOrThrow({ where: { method: "ours" } });
	for (const kind of ["prompts", "parse"]) {
		const stage = { key: kind, kind, datasetId: "d", revision: 1, params: {}, seed: 0, inputs: {} };
		await db.stage.create({ data: { ...stage, status: "succeeded" } });
		await db.runStage.create({ data: { runId, stageKey: kind, ordinal: 1 } });
	}
	const texts = { prompt: "", response: "", candidates: [1, 2] };
	await db.prompt.createMany({
		data: examples.map(({ exampleId, userId }) => {
			return { stageKey: "prompts", exampleId, ...texts, targetAt: userId % 3 === 0 ? 1 : 0 };
		}),
	});
	await db.generation.createMany({
		data: examples.map(({ exampleId, userId }) => {
			return { stageKey: "parse", exampleId, text: "", itemId: userId % 2 === 0 ? 2 : 9 };
		}),
	});
	await keepRunColumns(pool, { split: "split", prompts: "prompts", parse: "parse" }, setKey);
}

/** Asks until all is there, while what waits is computed as a worker would. */
async function answered<A extends { computing: unknown }>(ask: () => Promise<A>): Promise<A> {
	for (;;) {
		let isAnswered = false;
		const asking = ask().finally(() => {
			isAnswered = true;
		});
		asking.catch(() => undefined);
		while (!isAnswered) {
			await computeWaiting(console_.services.db, pool);
			await delay(10);
		}
		const answer = await asking;
		if (answer.computing === null) return answer;
	}
}

const slicedAll = (inputs: readonly Asked[]) =>
	Promise.all(inputs.map((input) => answered(() => console_.owner.results.sliced({ dataset: "shop", ...input }))));
const sliced = async (input: Asked) => {
	const [answer] = await slicedAll([input]);
	if (answer === undefined) throw new Error("nothing was asked");
	return answer;
};

const ASKED = [
	{ slice: "", k: 10 },
	{ slice: "cold", k: 5 },
	{ slice: "warm and history >= 6", k: 20 },
	{ slice: "season = winter and not (comparisons < 2)", k: 10 },
	{ slice: "season != winter", k: 3 },
	{ slice: "query-rarity <= 20 or sessions = 2", k: 10 },
	{ slice: "not query", k: 1 },
	{ slice: "popularity >= 8 or price-band in (1, 5)", k: 10 },
	{ slice: "month in (1, 2, 3) and brand in ('brand 1', 'BRAND 2')", k: 10 },
	{ slice: "item.heel >= 3", k: 10 },
];

test("slices, metrics and K are those in the file that a plain reference is asked about", async () => {
	const answers = [];
	const given = await slicedAll(ASKED.map((asked) => ({ ...asked, metrics: ["recall", "ndcg", "mrr", "hit"] })));
	for (const [i, answer] of given.entries()) {
		const asked = ASKED[i];
		const [group] = answer.groups ?? [];
		expect(answer.computing).toBeNull();
		answers.push({
			...asked,
			canonical: answer.slice,
			users: group?.users ?? 0,
			cells: group?.cells.map(({ method, metrics }) => ({
				method,
				metrics: Object.fromEntries(
					Object.entries(metrics).map(([name, { value, difference }]) => [
						name,
						{
							value,
							...(difference && { difference: difference.value, wins: difference.wins, losses: difference.losses }),
						},
					]),
				),
			})),
		});
	}
	const ranks = Object.fromEntries(
		["ours", "core", "sasrec"].map((name, method) => [
			name,
			Array.from({ length: SHOPPERS }, (_, i) => rankOf(method, i + 1) ?? "-").join(" "),
		]),
	);
	const events = log.map(
		({ user, action, item, query, at }) => `${user} ${action} ${item ?? "-"} ${at} ${query ?? "-"}`,
	);
	const cases = { items, log: events.join("\n"), ranks, answers };
	await expect(`${JSON.stringify(cases, null, "\t")}\n`).toMatchFileSnapshot("fixtures/sliced/cases.json");
	expect(new Set(answers.map(({ users }) => users)).size).toBeGreaterThan(8);
}, 120_000);

test("groups of an attribute come with the largest differences first, each with the slice that holds it", async () => {
	const answer = await sliced({ slice: "query", by: "season", metrics: ["recall"], reference: "core" });
	const groups = answer.groups ?? [];
	expect(answer.by).toMatchObject({ name: "season", kind: "category" });
	expect([...groups].sort((a, b) => a.place - b.place).map(({ label }) => label)).toEqual([
		"spring",
		"summer",
		"winter",
		null,
	]);
	const sizes = groups.map(({ largest }) => largest ?? -1);
	expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
	// Two methods against the reference in each group that is large enough.
	expect(answer.tests).toBe(2 * groups.filter(({ isSmall }) => !isSmall).length);
	const alone = await slicedAll(groups.map(({ slice }) => ({ slice, metrics: ["recall"], reference: "core" })));
	for (const [i, { users, isSmall, cells }] of groups.entries()) {
		expect(alone[i]?.users).toBe(users);
		expect(alone[i]?.groups?.[0]?.cells[0]?.metrics["recall@10"]?.value).toBe(cells[0]?.metrics["recall@10"]?.value);
		expect(cells.find(({ method }) => method === "core")?.metrics["recall@10"]?.difference).toBeNull();
		for (const { method, metrics } of cells) {
			const { value, low, high, difference } = metrics["recall@10"] ?? {};
			expect(low).toBeLessThanOrEqual(value ?? -1);
			expect(high).toBeGreaterThanOrEqual(value ?? 2);
			if (method === "core" || isSmall) continue;
			expect(difference?.adjustedP).toBeGreaterThanOrEqual(difference?.p ?? 2);
		}
	}
}, 120_000);

test("what the prompts of one run showed holds for all methods beside it, and the run is named", async () => {
	const [target, answer, both] = await slicedAll(
		["target-in-candidates", "answer-in-candidates", "target-in-candidates and answer-in-candidates"].map((slice) => ({
			slice,
		})),
	);
	expect([target?.users, answer?.users, both?.users]).toEqual([SHOPPERS / 3, SHOPPERS / 2, SHOPPERS / 6]);
	expect(target?.candidatesOf).toMatchObject({ method: "ours" });
	expect(target?.methods.map(({ method }) => method)).toEqual(["sasrec", "core", "ours"]);
});

test("what cannot be said is refused with what would do", async () => {
	await expect(sliced({ slice: "histroy > 3" })).rejects.toThrow(/character 1 .*Perhaps history/);
	await expect(sliced({ slice: "season = wintr" })).rejects.toThrow(
		/no test shopper’s season is wintr.*Perhaps winter/,
	);
	await expect(sliced({ slice: "occasion = work" })).rejects.toThrow(/no item that was bought has occasion/);
	await expect(sliced({ slice: "target-in-candidates", methods: ["core"] })).rejects.toThrow(
		/none of these methods puts candidates/,
	);
	await expect(sliced({ by: "colour" })).rejects.toThrow(/no attribute colour/);
	await expect(sliced({ k: 21 })).rejects.toThrow(/at most 20|up to 20/);
	await expect(sliced({ methods: ["gru4rec"] })).rejects.toThrow(/gru4rec was not measured here. There are: .*ours/);
	await expect(sliced({ methods: ["ours"], reference: "core" })).rejects.toThrow(/core is not among the methods/);
	await expect(sliced({ setting: "cold-start" })).rejects.toThrow(/Nothing was measured on shop/);
});

test("a method that was tested on other examples is left out and said to be", async () => {
	await seedRun(console_, { datasetId: "d", method: "popularity", ranks: [1, 2, null] });
	const id = (await console_.services.db.run.findFirstOrThrow({ where: { method: "popularity" } })).id;
	await keepRanks(pool, id);
	const answer = await sliced({ metrics: ["mrr"] });
	expect(answer.methods.map(({ method }) => method)).toEqual(["sasrec", "core", "ours"]);
	expect(answer.leftOut).toEqual([{ method: "popularity", why: expect.stringContaining("other examples") }]);
});

test("single runs are sliced like methods, each against the first", async () => {
	const runs = await console_.services.db.run.findMany({ where: { method: { in: ["core", "sasrec"] } } });
	const ids = runs.sort((a, b) => (a.method < b.method ? -1 : 1)).map(({ id }) => id);
	const ask = () => console_.owner.results.slicedRuns({ runs: ids, slice: "cold", metrics: ["recall"], k: 5 });
	const [answer, [methods]] = [await answered(ask), await slicedAll([{ slice: "cold", metrics: ["recall"], k: 5 }])];
	expect(answer.runs.map(({ method }) => method)).toEqual(["core", "sasrec"]);
	const figureOf = (
		cells: { method: string; metrics: Record<string, { value: number }> }[] | undefined,
		name?: string,
	) => cells?.find(({ method }) => method === name)?.metrics["recall@5"]?.value;
	expect(figureOf(answer.groups?.[0]?.cells, ids[1])).toBe(figureOf(methods?.groups?.[0]?.cells, "sasrec"));
	expect(answer.groups?.[0]?.cells[0]?.metrics["recall@5"]?.difference).toBeNull();
});

test("what can be sliced by is offered with its values and why the rest cannot", async () => {
	const { attributes, ready } = await console_.owner.slices.attributes({ dataset: "shop" });
	const of = (name: string) => attributes.find((attribute) => attribute.name === name);
	expect(
		of("season")
			?.values.map(({ value }) => value)
			.sort(),
	).toEqual(["spring", "summer", "winter"]);
	expect(of("season")?.values.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(100);
	expect(of("item.heel")?.kind).toBe("category");
	expect(of("occasion")?.lacks).toContain("no item that was bought has occasion");
	expect(of("price-band")).toMatchObject({ from: "1", to: "5", lacks: null });
	expect(ready.map(({ name }) => name)).toEqual(["C1", "C2", "C3", "C4"]);
	const { check } = console_.owner.slices;
	expect(await check({ dataset: "shop", text: "season = Winter and COLD" })).toEqual({
		canonical: "cold and season = winter",
		problem: null,
	});
	expect((await check({ dataset: "shop", text: "cold an" })).problem).toMatchObject({ position: 5 });
});

test("a slice gets a name for everyone, once", async () => {
	const { save, list, remove } = console_.owner.slices;
	await save({ name: "New and rare", text: "query-rarity <= 3 and COLD" });
	expect(await list()).toMatchObject([{ name: "New and rare", text: "cold and query-rarity <= 3" }]);
	await expect(save({ name: "New and rare", text: "cold" })).rejects.toThrow(/already/);
	await save({ name: "New and rare", text: "cold", replace: true });
	const [named, ready, written] = await slicedAll(["New and rare", "C1", "cold"].map((slice) => ({ slice, k: 5 })));
	expect([named?.slice, ready?.slice]).toEqual(["cold", "cold"]);
	expect(named?.groups).toEqual(written?.groups);
	await expect(save({ name: "Query", text: "cold" })).rejects.toThrow(/a slice by itself/);
	await expect(save({ name: "C1", text: "cold" })).rejects.toThrow(/ready/);
	await remove({ name: "New and rare" });
	await expect(remove({ name: "New and rare" })).rejects.toThrow(/no slice named/);
});
