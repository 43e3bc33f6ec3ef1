import { createPool } from "@atelier/db";
import { claimAnswer, computeContrast, failAnswer } from "@atelier/jobs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Console, seedDataset, startConsole } from "./console";
import { computed } from "./contrasts";
import { hits, seedRun } from "./measured";

const SHOP = "a".repeat(16);
const OTHER = "b".repeat(16);
const USERS = 240;
const EVERY_SECOND = hits(USERS, 2);
const EVERY_THIRD = hits(USERS, 3);
const EVERY_SIXTH = hits(USERS, 6);

let atelier: Console;
let ours: string;
let core: string;
beforeAll(async () => {
	atelier = await startConsole();
	await seedDataset(atelier, { id: SHOP, name: "shop-luggage-bags", group: "shop" });
	await seedDataset(atelier, { id: OTHER, name: "shop-footwear", group: "shop" });
	ours = await seedRun(atelier, { datasetId: SHOP, method: "ours", ranks: EVERY_SECOND });
	core = await seedRun(atelier, { datasetId: SHOP, method: "core", ranks: EVERY_SIXTH });
	await seedRun(atelier, { datasetId: SHOP, method: "recformer", ranks: EVERY_SECOND });
	await seedRun(atelier, { datasetId: SHOP, method: "ours", variant: "no-memory", ranks: EVERY_THIRD });
	await seedRun(atelier, {
		...{ datasetId: SHOP, method: "ours", setting: "low-resource(0.1)", ranks: EVERY_SIXTH },
		// This split keeps fewer training examples, so that its test examples have other numbers.
		firstExample: 500,
	});
	await seedRun(atelier, { datasetId: SHOP, method: "recformer", setting: "low-resource(0.1)", ranks: EVERY_SECOND });
}, 60_000);
afterAll(() => atelier.stop());

describe("results.compare", () => {
	it("pairs users: difference, interval, p, wins, and where the configurations differ", async () => {
		const { owner } = atelier;
		const result = await computed(atelier, () => owner.results.compare({ runs: [ours.slice(0, 13), core] }));
		expect(result).toMatchObject({ dataset: "shop-luggage-bags", users: USERS, tests: 3 });
		const recall = result.others?.[0]?.metrics["recall@10"];
		// Of 240 users every second is hit by ours, every sixth by CORE, all of the latter by ours too.
		expect(recall).toMatchObject({ wins: 80, ties: 160, losses: 0 });
		expect(recall?.value).toBeCloseTo(80 / 240, 12);
		expect(recall?.low).toBeGreaterThan(0.25);
		expect(recall?.p).toBeCloseTo(2 / 20_001, 12);
		expect(recall?.adjustedP).toBeCloseTo(6 / 20_001, 12);
		expect(result.others?.[0]?.config).toEqual([{ path: "method", left: "ours", right: "core" }]);
	});

	it("says why runs on other datasets, under another protocol or without the same examples are no pair", async () => {
		const { owner } = atelier;
		const elsewhere = await seedRun(atelier, { datasetId: OTHER, method: "ours", ranks: EVERY_SECOND });
		await expect(owner.results.compare({ runs: [ours, elsewhere] })).rejects.toThrow(
			/one is on shop-luggage-bags, the other on shop-footwear/,
		);
		const masked = await seedRun(atelier, { datasetId: OTHER, method: "ours", maskSeen: true, ranks: EVERY_SECOND });
		await expect(owner.results.compare({ runs: [elsewhere, masked] })).rejects.toThrow(/already seen are left out/);
		const fewer = await seedRun(atelier, { datasetId: OTHER, method: "ours", ranks: hits(10, 2) });
		await expect(computed(atelier, () => owner.results.compare({ runs: [elsewhere, fewer] }))).rejects.toThrow(
			/test examples differ/,
		);
		await expect(owner.results.compare({ runs: [ours, ours] })).rejects.toThrow(/the same run/);
		await expect(owner.results.compare({ runs: [ours] })).rejects.toThrow(/at least two runs/);
		await atelier.services.db.run.deleteMany({ where: { datasetId: OTHER } });
	});
});

describe("two runs shopper by shopper", () => {
	const split = "split-of-the-pair";
	beforeAll(async () => {
		const { db } = atelier.services;
		await db.stage.create({
			data: { key: split, kind: "split", datasetId: SHOP, revision: 1, params: {}, seed: 1, inputs: {} },
		});
		await db.example.createMany({
			data: EVERY_SECOND.map((_, i) => ({
				...{ stageKey: split, exampleId: i, userId: i + 1, userKey: `u${i}`, targetItem: 1 + (i % 7) },
				...{ targetOrd: 1, sessionOrd: 0, cold: false },
			})),
		});
		await db.$executeRaw`UPDATE prediction SET items = ARRAY[1, 2, 3] WHERE run_id = ${core}`;
		await db.$executeRaw`UPDATE prediction SET items = CASE example_id % 2 WHEN 0 THEN ARRAY[1, 2, 4] ELSE ARRAY[2, 1, 5] END WHERE run_id = ${ours}`;
	});
	/** From here on both have the same split, so that examples are matched by number. */
	const shareSplit = () =>
		atelier.services.db.runStage.createMany({
			data: [ours, core].map((runId) => ({ runId, stageKey: split, ordinal: 0 })),
			skipDuplicates: true,
		});

	it("are counted by their two ranks, matched by shopper and purchase where their splits number examples otherwise", async () => {
		const { owner } = atelier;
		const { k, counts } = await owner.results.jointRanks({ first: core, other: ours });
		expect(k).toBe(10);
		await shareSplit();
		expect((await owner.results.jointRanks({ first: core, other: ours })).counts).toEqual(counts);
		// Every sixth is hit by both, every second by ours.
		expect(counts).toEqual([
			{ first: 0, other: 0, shoppers: 120 },
			{ first: 0, other: 1, shoppers: 80 },
			{ first: 1, other: 1, shoppers: 40 },
		]);
	});

	it("are listed where they differ most, a page at a time and on one side, or by one cell of the plot", async () => {
		const { owner } = atelier;
		const pair = { first: core, other: ours, metric: "ndcg" } as const;
		expect((await owner.results.differingShoppers({ ...pair, side: "first" })).rows).toEqual([]);
		const page = await owner.results.differingShoppers({ ...pair, side: "other", limit: 50 });
		expect(page.nextCursor).toBe(50);
		expect(new Set(page.rows.map(({ first, other, difference }) => `${first} ${other} ${difference}`))).toEqual(
			new Set(["null 1 1"]),
		);
		const rest = await owner.results.differingShoppers({ ...pair, side: "other", limit: 50, cursor: 50 });
		expect(rest).toMatchObject({ nextCursor: null, rows: { length: 30 } });
		expect(new Set([...page.rows, ...rest.rows].map(({ user }) => user)).size).toBe(80);
		const cell = await owner.results.differingShoppers({ ...pair, cell: { first: 1, other: 1 }, limit: 100 });
		expect(cell.rows).toHaveLength(40);
	});

	it("say what of the first K both lists have", async () => {
		const { owner } = atelier;
		expect(await owner.results.listOverlap({ first: core, other: ours })).toEqual({
			...{ k: 10, shoppers: USERS, sampled: USERS },
			...{ shared: 2, sameFirst: 0.5, sameList: 0 },
		});
	});

	it("are refused beside each other with what differs, before anything is computed", async () => {
		const { owner } = atelier;
		const { runs, unlike, config } = await owner.results.comparison({ runs: [ours, core] });
		expect(runs.map(({ method, users }) => [method, users])).toEqual([
			["ours", USERS],
			["core", USERS],
		]);
		expect([unlike, config]).toEqual([[], []]);
		await expect(owner.results.comparison({ runs: [ours, ours] })).rejects.toThrow(/named twice/);
	});
});

describe("overview.get", () => {
	it("says how far the tables and figures are filled, as their own pages do", async () => {
		const { ledger } = await atelier.owner.overview.get();
		const { datasets } = await atelier.owner.results.table2({});
		const shown = datasets.flatMap(({ cells }) => cells.filter(({ runs }) => runs.length > 0));
		expect(ledger.map(({ id, filled, cells }) => [id, filled, cells])).toEqual([
			["table2", shown.length, 12],
			["table3", 2, 8],
			["figure4", 0, 0],
			["figure5", 0, 0],
			["figure6", 5, 20],
		]);
	});
});

describe("results.table2", () => {
	it("tests ours against every other measured row, Holm-adjusted over the table, only when asked to", async () => {
		const { owner } = atelier;
		expect((await owner.results.table2({})).comparisons).toBeNull();
		const { comparisons } = await computed(atelier, () => owner.results.table2({ comparisons: true }));
		expect(comparisons?.map(({ method, other }) => [method, other])).toEqual([
			["ours", "core"],
			["ours", "recformer"],
		]);
		expect(comparisons?.[0]?.metrics["recall@10"]?.adjustedP).toBeCloseTo((6 * 2) / 20_001, 12);
		expect(comparisons?.[1]?.metrics["recall@10"]).toMatchObject({ value: 0, p: 1, adjustedP: 1, ties: USERS });
	});
});

describe("paired tests", () => {
	const contrasts = () => atelier.services.db.contrast.findMany({ orderBy: { key: "asc" } });

	it("are computed once: a second request, from either side and of any table, computes nothing", async () => {
		const { owner } = atelier;
		const there = await computed(atelier, () => owner.results.compare({ runs: [ours, core] }));
		await computed(atelier, () => owner.results.table2({ comparisons: true }));
		const kept = await contrasts();
		const back = await owner.results.compare({ runs: [core, ours] });
		expect(back.computing).toBeNull();
		const [one, other] = [there, back].map(({ others }) => others?.[0]?.metrics["mrr@10"]);
		expect(other).toMatchObject({
			value: -(one?.value ?? 0),
			low: -(one?.high ?? 0),
			high: -(one?.low ?? 0),
			p: one?.p,
		});
		expect([other?.wins, other?.losses]).toEqual([one?.losses, one?.wins]);
		expect((await owner.results.table2({ comparisons: true })).computing).toBeNull();
		expect(await contrasts()).toEqual(kept);
	});

	it("that nobody computed yet leave the table standing, and say how many are there", async () => {
		const id = await seedRun(atelier, { datasetId: SHOP, method: "bert4rec", ranks: EVERY_THIRD });
		const { datasets, comparisons, computing } = await atelier.owner.results.table2({ comparisons: true });
		expect(computing).toEqual({ done: 2, total: 3, failed: null });
		expect(comparisons).toBeNull();
		expect(datasets[0]?.cells.filter(({ runs }) => runs.length > 0)).toHaveLength(4);
		expect(
			(await computed(atelier, () => atelier.owner.results.table2({ comparisons: true }))).comparisons,
		).toHaveLength(3);
		await atelier.services.db.run.delete({ where: { id } });
	});

	it("that could not be computed say why, beside a table that stands, and are tried again a minute later", async () => {
		const { owner, services } = atelier;
		const id = await seedRun(atelier, { datasetId: SHOP, method: "gru4rec", ranks: EVERY_THIRD });
		await owner.results.table2({ comparisons: true });
		const key = (await claimAnswer(services.db, "contrast")) ?? "";
		await failAnswer(services.db, "contrast", key, new Error("the disk is full."));
		const { datasets, computing } = await owner.results.table2({ comparisons: true });
		expect(computing).toMatchObject({ done: 2, failed: "the disk is full." });
		expect(datasets[0]?.cells.filter(({ runs }) => runs.length > 0)).toHaveLength(4);
		const finishedAt = new Date(Date.now() - 61_000);
		await services.db.contrast.update({ where: { key }, data: { finishedAt } });
		expect((await computed(atelier, () => owner.results.table2({ comparisons: true }))).comparisons).toHaveLength(3);
		await services.db.run.delete({ where: { id } });
	});

	it("whose run was removed before they were computed are not taken for runs without predictions", async () => {
		const { owner, services } = atelier;
		const id = await seedRun(atelier, { datasetId: SHOP, method: "gru4rec", ranks: EVERY_THIRD });
		await owner.results.compare({ runs: [ours, id] });
		const key = await claimAnswer(services.db, "contrast");
		await services.db.run.delete({ where: { id } });
		const pool = createPool(atelier.url);
		await expect(computeContrast(pool, key ?? "")).rejects.toThrow(/no longer there/);
		await pool.end();
		await failAnswer(services.db, "contrast", key ?? "", new Error("Run x is no longer there."));
		const { comparisons } = await computed(atelier, () => owner.results.table2({ comparisons: true }));
		expect(comparisons).not.toBeNull();
	});
});

describe("results.table3", () => {
	it("has the paper's rows in its order, each with its difference to the full method and the paper's figure", async () => {
		const { datasets } = await computed(atelier, () => atelier.owner.results.table3({}));
		const [shop] = datasets;
		expect(shop?.rows.map(({ variant }) => variant).slice(0, 3)).toEqual(["full", "no-attributes", "no-memory"]);
		const row = shop?.rows.find(({ variant }) => variant === "no-memory");
		expect(row?.difference?.metrics["recall@10"]?.value).toBeCloseTo(80 / 240 - 120 / 240, 12);
		expect(row?.paper?.["recall@10"]).toBe(0.2595);
		expect(shop?.rows[0]?.difference).toBeNull();
		expect(shop?.genericTextEncoder).toBe("minilm");
	});

	it("lists what is missing with the command that launches it", async () => {
		const { datasets } = await atelier.owner.results.table3({});
		expect(datasets[0]?.missing?.variants).toHaveLength(6);
		expect(datasets[0]?.missing?.command).toMatch(
			/^npx atelier launch table3 --dataset shop-luggage-bags --methods ours --variants no-attributes,no-text-embedding,/,
		);
	});

	it("shows a variant that the paper does not have after its rows", async () => {
		const id = await seedRun(atelier, {
			...{ datasetId: SHOP, method: "ours", variant: "no-attributes+no-memory", ranks: EVERY_SIXTH },
		});
		const { datasets } = await atelier.owner.results.table3({ datasets: ["shop"] });
		expect(datasets[0]?.rows.at(-1)).toMatchObject({ variant: "no-attributes+no-memory", inPaper: false, paper: null });
		expect(datasets[1]?.rows.every(({ runs }) => runs.length === 0)).toBe(true);
		await atelier.services.db.run.delete({ where: { id } });
	});

	it("leaves out the runs of a search over hyperparameters", async () => {
		const id = await seedRun(atelier, {
			...{ datasetId: SHOP, method: "ours", variant: "fineTune.epochs=2", ranks: EVERY_SIXTH },
		});
		const { datasets } = await atelier.owner.results.table3({});
		expect(datasets[0]?.rows.map(({ variant }) => variant)).not.toContain("fineTune.epochs=2");
		await atelier.services.db.run.delete({ where: { id } });
	});

	it("does not set runs of two presets beside each other: the preset with more cells is shown", async () => {
		const id = await seedRun(atelier, { datasetId: SHOP, method: "ours", preset: "small", ranks: EVERY_SIXTH });
		const { datasets } = await atelier.owner.results.table3({});
		expect(datasets[0]?.preset).toBe("miniature");
		expect(datasets[0]?.rows[0]?.runs.map(({ id }) => id)).toEqual([ours]);
		const chosen = await atelier.owner.results.table3({ preset: "small" });
		expect(chosen.datasets[0]?.rows[0]?.runs.map(({ id }) => id)).toEqual([id]);
		await atelier.services.db.run.delete({ where: { id } });
	});
});

describe("results.figure4 and figure5", () => {
	it("hold cold-start and zero-shot runs only, each with what is missing", async () => {
		const { owner } = atelier;
		expect((await owner.results.figure4({})).datasets).toEqual([]);
		await seedRun(atelier, { datasetId: SHOP, method: "ours", setting: "cold-start", ranks: hits(30, 3) });
		await seedRun(atelier, {
			datasetId: SHOP,
			method: "ours",
			setting: "zero-shot(shop-footwear)",
			ranks: EVERY_SIXTH,
		});
		const { datasets } = await owner.results.figure4({});
		expect(datasets[0]?.cells.find(({ method }) => method === "ours")?.users).toBe(30);
		expect(datasets[0]?.missing?.command).toMatch(/launch figure4 .*--settings cold-start/);
		const { pairs } = await owner.results.figure5({});
		expect(pairs.map(({ name, source }) => [name, source])).toEqual([["shop-luggage-bags", "shop-footwear"]]);
		expect(pairs[0]?.missing?.command).toContain("--settings 'zero-shot(shop-footwear)'");
	});
});

describe("results.figure6", () => {
	it("takes the setting full for all of the training data, and lists the shares that are missing", async () => {
		const { datasets } = await atelier.owner.results.figure6({});
		const curve = datasets[0]?.curves.find(({ method }) => method === "ours");
		expect(curve?.points.map(({ ratio, runs }) => [ratio, runs.length])).toEqual([
			[0.1, 1],
			[0.25, 0],
			[0.5, 0],
			[0.75, 0],
			[1, 1],
		]);
		expect(datasets[0]?.missing?.settings).toContain("low-resource(0.25)");
	});
});

describe("results.findings", () => {
	it("judges each claim by the paired intervals of the runs that it speaks of", async () => {
		const { findings } = await computed(atelier, () => atelier.owner.results.findings({}));
		const verdicts = Object.fromEntries((findings ?? []).map(({ id, verdict }) => [id, verdict]));
		expect(verdicts).toMatchObject({
			"ours-first": "undecided",
			"each-component-helps": "holds",
			"mixup-above-its-parts": "not measured",
			"zero-shot-ours-above-recformer": "not measured",
			// Ours rises from a sixth to a half, Recformer stays.
			"low-resource-ours-gains-more": "holds",
		});
		expect(findings?.find(({ id }) => id === "ours-first")?.counts).toEqual({
			...{ above: 3, undecided: 3, below: 0, missing: 15 },
		});
	});

	it("a claim that the runs contradict does not hold", async () => {
		const id = await seedRun(atelier, { datasetId: SHOP, method: "sasrec", ranks: hits(USERS, 1) });
		const { findings } = await computed(atelier, () =>
			atelier.owner.results.findings({ datasets: ["shop-luggage-bags"] }),
		);
		const first = findings?.find(({ id }) => id === "ours-first");
		expect(first).toMatchObject({ verdict: "does not hold", counts: { below: 3 } });
		expect(first?.summary).toMatch(/Furthest from it: Ours above SASRec on shop-luggage-bags/);
		await atelier.services.db.run.delete({ where: { id } });
	});
});

it("several seeds: a cell is mean and deviation, and its differences pair seeds as well as users", async () => {
	for (const seed of [1, 2]) {
		await seedRun(atelier, { datasetId: OTHER, method: "ours", seed, ranks: hits(USERS, 2, seed) });
		await seedRun(atelier, { datasetId: OTHER, method: "core", seed, ranks: hits(USERS, 4, seed) });
	}
	await seedRun(atelier, { datasetId: OTHER, method: "sasrec", seed: 9, ranks: EVERY_SIXTH });
	const { datasets, comparisons } = await computed(atelier, () =>
		atelier.owner.results.table2({ datasets: ["shop-footwear"], comparisons: true }),
	);
	const mrr = datasets[0]?.cells.find(({ method }) => method === "ours")?.metrics["mrr@10"];
	expect(mrr).toMatchObject({ value: (0.5 + 0.25) / 2, low: null });
	expect(mrr?.deviation).toBeCloseTo(Math.SQRT1_2 * 0.25, 12);
	// SASRec has no seed in common with ours.
	expect(comparisons?.map(({ other }) => other)).toEqual(["core"]);
	expect(comparisons?.[0]?.metrics["mrr@10"]?.value).toBeCloseTo((0.25 + 0.125) / 2, 12);
});
