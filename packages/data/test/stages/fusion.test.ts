import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { featureNames, poolFeatures, type RerankerModel, type StageParams } from "@atelier/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { openDuckDb } from "../../src/duckdb";
import { runEvaluateStage } from "../../src/stages/evaluate";
import { fusionRowsOf } from "../../src/stages/fusion-rows";
import { runPoolsStage } from "../../src/stages/pools";
import { inTemporaryFolder, readRows, writeDataset, writeRows } from "./tiny-dataset";

const VALID = Array.from({ length: 12 }, (_, index) => index);
const TEST = [12, 13];

/**
 * Fourteen shoppers, one example each: 0 to 11 validation, 12 and 13 test. Every memory list is [1, 2, 3, 4], every
 * CORE list [4, 3, 2, 1], and every title list [2, 5]. Truths of validation examples are item 3; items 1 and 3 are
 * variants of one family, and everyone clicked item 1.
 */
async function writeInputs(folder: string, testTarget = 3): Promise<Record<string, string>> {
	const names = ["split", "parse", "prompts", "retrieve", "memory", "generate", "core"];
	const inputs = Object.fromEntries(["dataset", ...names].map((name) => [name, join(folder, name)] as const));
	const all = [...VALID, ...TEST];
	await writeDataset(join(folder, "dataset"), {
		items: [1, 2, 3, 4, 5].map((id) => ({
			id,
			title: `item ${id}`,
			family: id === 1 || id === 3 ? "boot" : undefined,
		})),
		log: [],
	});
	for (const name of names) await mkdir(join(folder, name), { recursive: true });
	const at = (name: string, file: string) => join(folder, name, file);
	await writeRows(
		at("split", "examples.parquet"),
		"example_id INTEGER, user_id INTEGER, split VARCHAR, target_item INTEGER, target_ord INTEGER, cold BOOLEAN, query_id INTEGER",
		all.map(
			(id) => `${id}, ${id}, '${id < 12 ? "valid" : "test"}', ${id < 12 ? 3 : testTarget}, 1, ${id === 13}, NULL`,
		),
	);
	await writeRows(
		at("split", "events.parquet"),
		"user_id INTEGER, ord INTEGER, action VARCHAR, item_id INTEGER, query_id INTEGER, train BOOLEAN",
		all.flatMap((id) => [
			`${id}, 0, 'click', 1, NULL, true`,
			`${id}, 1, 'purchase', ${id < 12 ? 3 : testTarget}, NULL, false`,
		]),
	);
	// The last validation example has no generation, and so is no ground for the re-ranker.
	const answered = all.filter((id) => id !== 11);
	await writeRows(
		at("parse", "parsed.parquet"),
		"example_id INTEGER, text VARCHAR, log_probability DOUBLE, item_id INTEGER, title VARCHAR, in_catalogue BOOLEAN, failure VARCHAR",
		answered.map((id) => `${id}, 'x', -1, 2, 'item 2', true, NULL`),
	);
	await writeRows(
		at("prompts", "prompts.parquet"),
		"example_id INTEGER, split VARCHAR, target_item INTEGER, candidates INTEGER[]",
		all.map((id) => `${id}, '${id < 12 ? "valid" : "test"}', ${id < 12 ? 3 : testTarget}, [1, 2]`),
	);
	await writeRows(
		at("retrieve", "lists.parquet"),
		"example_id INTEGER, id_list INTEGER[], title_list INTEGER[], query_list INTEGER[]",
		answered.map((id) => `${id}, [2, 1], [2, 5], []`),
	);
	const lists = "example_id INTEGER, items INTEGER[]";
	await writeRows(
		at("memory", "candidates.parquet"),
		lists,
		all.map((id) => `${id}, [1, 2, 3, 4]`),
	);
	await writeRows(
		at("core", "ranks.parquet"),
		lists,
		TEST.map((id) => `${id}, [4, 3, 2, 1]`),
	);
	await writeRows(
		at("core", "valid_ranks.parquet"),
		lists,
		VALID.map((id) => `${id}, [4, 3, 2, 1]`),
	);
	await writeRows(
		at("generate", "likelihoods.parquet"),
		"example_id INTEGER, items INTEGER[], log_probabilities DOUBLE[]",
		answered.map((id) => `${id}, [1, 2], [-3, -1]`),
	);
	return inputs;
}

type Fusion = NonNullable<StageParams<"evaluate">["fusion"]>;

async function fuse(
	folder: string,
	inputs: Record<string, string>,
	fusion: Partial<Fusion>,
	changed: Partial<StageParams<"evaluate">> = {},
) {
	const output = join(folder, "evaluate");
	await rm(output, { recursive: true, force: true });
	await mkdir(output, { recursive: true });
	const result = await runEvaluateStage({
		inputs,
		output,
		params: {
			source: "fusion",
			examples: "all",
			k: 3,
			n: 1,
			mixup: "distinct",
			maskSeen: false,
			bootstrapSamples: 20,
			fusion: { strategy: "rrf", lists: ["memory", "title"], rrfConstant: 60, poolLength: 10, ...fusion },
			...changed,
		},
		seed: 0,
		report: () => {},
		threads: 1,
	});
	return { result, predictions: await readRows(output, "predictions.parquet", "example_id") };
}

test("reciprocal ranks of the lists asked for make the ranking, of test examples alone", () =>
	inTemporaryFolder(async (folder) => {
		const { predictions, result } = await fuse(folder, await writeInputs(folder), {});
		// Item 2: 1/62 + 1/61; item 1: 1/61; item 5: 1/62; then 3 and 4.
		expect(predictions.map((row) => [row.example_id, row.rank, row.items])).toEqual([
			[12, 4, [2, 1, 5, 3, 4]],
			[13, 4, [2, 1, 5, 3, 4]],
		]);
		expect(predictions[0]?.origins).toEqual(Array.from({ length: 5 }, () => "fusion"));
		expect(result).toMatchObject({ count: 2, coldCount: 1, "recall@3": 0, "health.count": 2 });
	}));

test("by likelihood the candidates come first, and seen items leave the ranking where they are masked", () =>
	inTemporaryFolder(async (folder) => {
		const inputs = await writeInputs(folder);
		const open = await fuse(folder, inputs, { strategy: "likelihood", lists: ["core"] });
		expect(open.predictions[0]?.items).toEqual([2, 1, 4, 3]);
		const masked = await fuse(folder, inputs, { strategy: "likelihood", lists: ["core"] }, { maskSeen: true });
		expect(masked.predictions[0]).toMatchObject({ items: [2, 4, 3], rank: 3 });
		await rm(join(folder, "generate", "likelihoods.parquet"));
		await expect(fuse(folder, inputs, { strategy: "likelihood" })).rejects.toMatchObject({
			code: "BAD_DATA",
			message: expect.stringContaining("generate.likelihood"),
		});
	}));

const LISTS = ["memory", "core", "title"] as const;

/** Runs the pools stage and returns its rows, each item's features by their names. */
async function poolsOf(folder: string, inputs: Record<string, string>) {
	const output = join(folder, "pools");
	await rm(output, { recursive: true, force: true });
	await mkdir(output, { recursive: true });
	const result = await runPoolsStage({
		inputs,
		output,
		params: { lists: [...LISTS], poolLength: 10, maskSeen: false },
		seed: 0,
		report: () => {},
		threads: 1,
	});
	const { names } = poolFeatures.parse(JSON.parse(await readFile(join(output, "features.json"), "utf8")));
	const rows = z.array(poolRow).parse(await readRows(output, "pools.parquet", "example_id"));
	const named = rows.map(({ items, features, ...row }) => ({
		...row,
		items,
		of: (item: number, name: string) => features[items.indexOf(item) * names.length + names.indexOf(name)],
	}));
	return { result, names, rows: named };
}

const poolRow = z.object({
	example_id: z.number(),
	target: z.number(),
	items: z.array(z.number()),
	features: z.array(z.number()),
});

/** A model in the trainer's form; features that are not named weigh nothing. */
async function writeReranker(inputs: Record<string, string>, weights: Record<string, number>): Promise<void> {
	const features = featureNames(LISTS).map((name) => ({ name, weight: weights[name] ?? 0, deviation: 1 }));
	const model: RerankerModel = { contract: 1, examples: 11, fittedOn: 11, penalty: 1, crossValidation: [], features };
	await mkdir(inputs.reranker ?? "", { recursive: true });
	await writeFile(join(inputs.reranker ?? "", "reranker.json"), JSON.stringify(model));
}

test("pools hold what a re-ranker may know of the answered validation examples", () =>
	inTemporaryFolder(async (folder) => {
		const { result, names, rows } = await poolsOf(folder, await writeInputs(folder));
		expect(result).toEqual({ examples: 11, withGroundTruth: 11 });
		expect(names).toHaveLength(18);
		expect(rows.map(({ example_id }) => example_id)).toEqual(VALID.slice(0, 11));
		for (const row of rows) {
			expect(row).toMatchObject({ items: [1, 2, 3, 4, 5], target: 2 });
			expect(row.of(3, "memory: reciprocal rank")).toBe(1 / 3);
			// An unseen variant of the clicked family.
			expect([row.of(3, "family clicked"), row.of(3, "seen"), row.of(1, "seen")]).toEqual([1, 0, 1]);
			expect(row.of(2, "log-likelihood")).toBe(1);
		}
	}));

test("the re-ranker's weights make the ranking, and the result tells the largest", () =>
	inTemporaryFolder(async (folder) => {
		const inputs = { ...(await writeInputs(folder)), reranker: join(folder, "reranker") };
		await writeReranker(inputs, { "family clicked": 2, seen: -3, popularity: 0.001 });
		const { predictions, result } = await fuse(folder, inputs, { strategy: "reranker", lists: [...LISTS] });
		// No list has item 3 on top; that it is an unseen variant of the clicked family does.
		expect(predictions.map((row) => row.rank)).toEqual([1, 1]);
		expect(result).toMatchObject({ "reranker.examples": 11, "reranker.fittedOn": 11, "recall@3": 1 });
		expect(result).toMatchObject({ "reranker.weight.seen": -3, "reranker.weight.family clicked": 2 });
		expect(Object.keys(result).filter((name) => name.startsWith("reranker.weight."))).toHaveLength(6);
		await expect(fuse(folder, inputs, { strategy: "reranker", lists: ["memory"] })).rejects.toMatchObject({
			code: "BAD_DATA",
			message: expect.stringContaining("other features"),
		});
	}));

test("the re-ranker is told what followed earlier searches for the same, and nothing from the purchase on", () =>
	inTemporaryFolder(async (folder) => {
		const inputs = await writeInputs(folder);
		const split = join(folder, "split");
		await writeRows(
			join(split, "examples.parquet"),
			"example_id INTEGER, user_id INTEGER, split VARCHAR, target_item INTEGER, target_ord INTEGER, cold BOOLEAN, query_id INTEGER",
			["12, 12, 'test', 3, 7, false, 0"],
		);
		await writeRows(
			join(split, "events.parquet"),
			"user_id INTEGER, ord INTEGER, action VARCHAR, item_id INTEGER, query_id INTEGER, train BOOLEAN",
			[
				...["12, 0, 'search', NULL, 0, true", "12, 1, 'click', 1, NULL, true", "12, 2, 'purchase', 2, NULL, true"],
				...["12, 3, 'search', NULL, 1, true", "12, 4, 'click', 4, NULL, true"],
				...["12, 5, 'search', NULL, 0, false", "12, 6, 'click', 5, NULL, false", "12, 7, 'purchase', 3, NULL, false"],
			],
		);
		const fusion = { strategy: "reranker", lists: ["memory"], rrfConstant: 60, poolLength: 10 } as const;
		const request = { inputs, part: "test", onlyCold: false, maskSeen: false } as const;
		const db = await openDuckDb();
		try {
			const batches = fusionRowsOf(db, { ...request, fusion: { ...fusion, lists: [...fusion.lists] } });
			for await (const rows of batches) {
				expect(rows).toMatchObject([{ history: [1, 2, 4, 5], clicked: [1, 4, 5], answers: [1, 2, 5] }]);
			}
		} finally {
			db.close();
		}
		expect.assertions(1);
	}));

test("nothing of the test examples' truths reaches the re-ranker", () =>
	inTemporaryFolder(async (folder) => {
		const read = () => readFile(join(folder, "pools", "pools.parquet"));
		await poolsOf(folder, await writeInputs(folder, 3));
		const pools = await read();
		const inputs = { ...(await writeInputs(folder, 3)), reranker: join(folder, "reranker") };
		await writeReranker(inputs, { "memory: reciprocal rank": 1 });
		const fusion = { strategy: "reranker" as const, lists: [...LISTS] };
		const first = await fuse(folder, inputs, fusion);
		await poolsOf(folder, await writeInputs(folder, 5));
		expect((await read()).equals(pools)).toBe(true);
		const second = await fuse(folder, inputs, fusion);
		expect(second.predictions.map((row) => row.items)).toEqual(first.predictions.map((row) => row.items));
		expect(second.predictions.map((row) => row.rank)).not.toEqual(first.predictions.map((row) => row.rank));
	}));

test("a re-ranker without answered validation examples is refused", () =>
	inTemporaryFolder(async (folder) => {
		const inputs = await writeInputs(folder);
		await writeRows(join(folder, "parse", "parsed.parquet"), "example_id INTEGER, item_id INTEGER", ["12, 1", "13, 1"]);
		await expect(poolsOf(folder, inputs)).rejects.toMatchObject({
			code: "BAD_DATA",
			message: expect.stringContaining("generate.validPrompts"),
		});
	}));

test("cold-start counts only test examples whose truth training does not hold, and refuses a log without any", () =>
	inTemporaryFolder(async (folder) => {
		const inputs = await writeInputs(folder);
		const { predictions, result } = await fuse(folder, inputs, {}, { examples: "cold" });
		expect(predictions.map((row) => [row.example_id, row.cold])).toEqual([[13, true]]);
		expect(result).toMatchObject({ count: 1, coldCount: 1 });
		const byMemory = await fuse(folder, inputs, {}, { examples: "cold", source: "memory", fusion: null });
		expect(byMemory.predictions.map((row) => [row.example_id, row.rank])).toEqual([[13, 3]]);
		await writeRows(
			join(folder, "split", "examples.parquet"),
			"example_id INTEGER, user_id INTEGER, split VARCHAR, target_item INTEGER, target_ord INTEGER, cold BOOLEAN",
			["12, 12, 'test', 3, 1, false"],
		);
		await expect(fuse(folder, inputs, {}, { examples: "cold" })).rejects.toMatchObject({
			code: "BAD_DATA",
			message: expect.stringContaining("No test example is cold"),
		});
	}));
