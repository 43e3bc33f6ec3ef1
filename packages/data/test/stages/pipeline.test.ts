import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { receipt, type StageEvent, stageEvent } from "@atelier/core";
import { expect, test } from "vitest";
import { runTsStage, type TsStageKind } from "../../src/stages";
import { inTemporaryFolder, type LogRow, readRows, type TinyDataset, writeDataset, writeRows } from "./tiny-dataset";

const dataset: TinyDataset = {
	items: [
		{ id: 1, title: 'Rain <boot>\n5" heel', attributes: { color: "Red", material: "rubber" } },
		{ id: 2, title: "Ankle boot", attributes: { brand: "Nord", color: "Black" } },
		{ id: 3, title: "Wool scarf" },
		{ id: 4, title: "Snow boot" },
	],
	log: [1, 2, 3].flatMap((user): LogRow[] => [
		{ user, action: "search", query: "boots", at: user * 100 },
		{ user, action: "click", item: 2, at: user * 100 + 1 },
		{ user, action: "purchase", item: 1, at: user * 100 + 2 },
		{ user, action: "search", query: "winter", at: user * 100 + 50 },
		{ user, action: "purchase", item: user === 3 ? 4 : 3, at: user * 100 + 51 },
	]),
	exposures: [
		{ query: "boots", item: 1, position: 1, at: 10 },
		{ query: "boots", item: 2, position: 2, at: 10 },
		{ query: "winter", item: 4, position: 1, at: 20 },
	],
};

async function stage(
	folder: string,
	kind: TsStageKind,
	inputs: string[],
	params: unknown,
	onEvent?: (event: StageEvent) => void,
) {
	const named = Object.fromEntries(inputs.map((name) => [name, join(folder, name)]));
	const spec = {
		revision: 1,
		key: "0".repeat(32),
		attempt: "a1",
		params,
		inputs: named,
		output: join(folder, kind),
		seed: 0,
		threads: 1,
	};
	return runTsStage(kind, spec, onEvent);
}

/** Everything up to prompts; the trainer's files are written by hand where they are needed. */
async function prepare(folder: string, changed: Record<string, unknown> = {}): Promise<void> {
	await writeDataset(join(folder, "dataset"), dataset);
	await stage(folder, "split", ["dataset"], { protocol: "leave-one-out" });
	await writeDataset(join(folder, "encodeQueries"), { items: [], log: [] });
	await writeRows(
		join(folder, "encodeQueries", "neighbours.parquet"),
		"query_id INTEGER, rank INTEGER, neighbour_id INTEGER, similarity FLOAT",
		["0, 1, 0, 1", "0, 2, 1, 0.5", "1, 1, 1, 1", "1, 2, 0, 0.5"],
	);
	await stage(folder, "memory", ["dataset", "split", "encodeQueries"], { queries: 2, products: 2, listLength: 10 });
	await stage(folder, "prompts", ["dataset", "split", "memory"], {
		template: "paper-1",
		idForm: "plain",
		attributes: true,
		candidates: true,
		trainPrompts: 100,
		products: 2,
		maxEvents: 50,
		maxTokens: 500,
		charsPerToken: 4,
		...changed,
	});
}

test("prompts carry history, candidates and the target's place", () =>
	inTemporaryFolder(async (folder) => {
		await prepare(folder);
		const prompts = await readRows(join(folder, "prompts"), "prompts.parquet", "example_id");
		expect(prompts.map((row) => row.split)).toEqual(["train", "test", "train", "test", "train", "test"]);
		expect(prompts[5]).toMatchObject({ target_item: 4, candidates: [4, 1], target_at: 1, dropped_events: 0 });
		expect(prompts[5]?.response).toBe("{<id>4</id>,<title>Snow boot</title>}");
		expect(String(prompts[5]?.prompt)).toContain(
			`### Input: User search keyword <boots>, then click product {"id": "2", "title": "Ankle boot", "brand": "Nord", "color": "Black"}, then purchase product {"id": "1", "title": "Rain (boot) 5'' heel", "color": "Red"}, then search keyword <winter>. Candidate product ids:[4,1].\n### Response: `,
		);
		expect(prompts[0]?.response).toBe("{<id>1</id>,<title>Rain (boot) 5'' heel</title>}");
	}));

test("of the training prompts only the latest stay, of the test prompts all", () =>
	inTemporaryFolder(async (folder) => {
		await prepare(folder, { trainPrompts: 1 });
		const examples = await readRows(join(folder, "split"), "examples.parquet", "target_at");
		const latest = examples.filter((row) => row.split === "train").at(-1);
		const prompts = await readRows(join(folder, "prompts"), "prompts.parquet", "example_id");
		const kept = prompts.filter((row) => row.split === "train").map((row) => row.example_id);
		expect(kept).toEqual([latest?.example_id]);
		expect(prompts.filter((row) => row.split === "test")).toHaveLength(3);
	}));

test("generations become ids and titles, lists become ranks, and the result tells how the model answers", () =>
	inTemporaryFolder(async (folder) => {
		await prepare(folder);
		await writeRows(
			join(folder, "dataset", "generations.parquet"),
			"example_id INTEGER, text VARCHAR, log_probability FLOAT, tokens INTEGER, finish VARCHAR",
			[
				"1, '{<id>3</id>,<title>Wool scarf</title>}', -1, 9, 'stop'",
				"3, '{<id>77</id>,<title>Cap', -2, 9, 'length'",
				"5, '{<id>4</id>,<title>Rain (boot) 5'''' heel</title>}', -1, 9, 'stop'",
			],
		);
		const generate = {
			generate: join(folder, "dataset"),
			prompts: join(folder, "prompts"),
			dataset: join(folder, "dataset"),
		};
		const base = { revision: 1, key: "1".repeat(32), attempt: "a1", seed: 0, threads: 1 };
		await runTsStage("parse", {
			...base,
			params: { from: "generation" },
			inputs: generate,
			output: join(folder, "parse"),
		});
		const parsed = await readRows(join(folder, "parse"), "parsed.parquet", "example_id");
		expect(parsed.map((row) => [row.item_id, row.title, row.in_catalogue, row.failure])).toEqual([
			[3, "Wool scarf", true, null],
			[77, "Cap", false, "unclosed-title"],
			[4, "Rain (boot) 5'' heel", true, null],
		]);
		await writeRows(
			join(folder, "parse", "lists.parquet"),
			"example_id INTEGER, id_list INTEGER[], id_scores FLOAT[], title_list INTEGER[], title_scores FLOAT[]",
			["1, [3, 2], [1, 0.5], [2, 3], [1, 0.5]", "3, [], [], [1, 2, 3], [1, 0.5, 0.2]", "5, [1], [1], [1], [1]"],
		);
		const lists = {
			source: "lists",
			examples: "all",
			fusion: null,
			k: 2,
			n: 1,
			mixup: "distinct",
			bootstrapSamples: 50,
		};
		const inputs = {
			split: join(folder, "split"),
			retrieve: join(folder, "parse"),
			parse: join(folder, "parse"),
			prompts: join(folder, "prompts"),
			dataset: join(folder, "dataset"),
		};
		const evaluate = async (maskSeen: boolean) => {
			const output = join(folder, `evaluate-${maskSeen}`);
			const done = await runTsStage("evaluate", { ...base, params: { ...lists, maskSeen }, inputs, output });
			return { result: done.result, predictions: await readRows(output, "predictions.parquet", "example_id") };
		};
		const open = await evaluate(false);
		expect(open.predictions.map((row) => [row.rank, row.items, row.origins, row.cold])).toEqual([
			[1, [3, 2], ["id", "title"], true],
			[3, [1, 2, 3], ["title", "title", "title"], true],
			[null, [1], ["id"], true],
		]);
		expect(open.result).toMatchObject({
			count: 3,
			"recall@2": 1 / 3,
			"mrr@2": 1 / 3,
			"health.accuracyWhenCandidate": 1,
			"health.malformedShare": 1 / 3,
			"health.offCatalogueShare": 1 / 3,
			"health.titleCopiesIdShare": 1 / 3,
			"health.titleCopiesCatalogueShare": 2 / 3,
		});
		// Items 1 and 2 stand in every history: masked, the target moves up, and the last shopper is left with nothing.
		const masked = await evaluate(true);
		expect(masked.predictions.map((row) => [row.rank, row.items])).toEqual([
			[1, [3]],
			[1, [3]],
			[null, []],
		]);
		const metrics = JSON.parse(await readFile(join(folder, "evaluate-true", "metrics.json"), "utf8"));
		expect(metrics).toMatchObject({
			count: 3,
			metrics: { "recall@2": { value: 2 / 3 } },
			slices: { cold: { count: 3 }, warm: { count: 0 } },
		});
	}));

test("memory and baseline rankings are evaluated as they stand", () =>
	inTemporaryFolder(async (folder) => {
		await prepare(folder);
		const common = {
			examples: "all",
			fusion: null,
			k: 10,
			n: 1,
			mixup: "distinct",
			maskSeen: false,
			bootstrapSamples: 20,
		};
		await stage(folder, "evaluate", ["split", "memory"], { ...common, source: "memory" });
		const byMemory = await readRows(join(folder, "evaluate"), "predictions.parquet", "example_id");
		expect(byMemory.map((row) => [row.rank, row.items])).toEqual([
			[null, [4, 1, 2]],
			[null, [4, 1, 2]],
			[1, [4, 1, 2]],
		]);
		await writeDataset(join(folder, "baseline"), { items: [], log: [] });
		const columns = "example_id INTEGER, rank INTEGER, items INTEGER[], scores FLOAT[]";
		await writeRows(join(folder, "baseline", "ranks.parquet"), columns, ["1, 2, [1, 3], [1, 1]", "3, 400, [1], [1]"]);
		await expect(
			stage(folder, "evaluate", ["split", "baseline"], { ...common, source: "baseline" }),
		).rejects.toMatchObject({
			code: "BAD_DATA",
		});
		await writeRows(join(folder, "baseline", "ranks.parquet"), columns, [
			"1, 2, [1, 3], [1, 1]",
			"3, 400, [1], [1]",
			"5, 1, [4], [1]",
		]);
		await stage(folder, "evaluate", ["split", "baseline"], { ...common, source: "baseline" });
		const byBaseline = await readRows(join(folder, "evaluate"), "predictions.parquet", "example_id");
		expect(byBaseline.map((row) => row.rank)).toEqual([2, 400, 1]);
		expect(byBaseline[0]?.origins).toEqual(["baseline", "baseline"]);
	}));

test("an attempt leaves numbered events and a receipt whose checksums hold", () =>
	inTemporaryFolder(async (folder) => {
		await writeDataset(join(folder, "dataset"), dataset);
		const heard: StageEvent[] = [];
		const done = await stage(folder, "split", ["dataset"], { protocol: "leave-one-out" }, (event) => heard.push(event));
		const lines = (await readFile(join(folder, "split", "events.ndjson"), "utf8")).trim().split("\n");
		const events = lines.map((line) => stageEvent.parse(JSON.parse(line)));
		expect(events).toEqual(heard);
		expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
		expect(events.at(-1)).toMatchObject({ type: "result", payload: { testExamples: 3 } });
		expect(receipt.parse(JSON.parse(await readFile(join(folder, "split", "receipt.json"), "utf8")))).toEqual(done);
		expect(done.outputs.map((output) => output.path)).toEqual([
			"events.parquet",
			"examples.parquet",
			"queries.parquet",
			"summary.json",
		]);
		for (const output of done.outputs) {
			const bytes = await readFile(join(folder, "split", output.path));
			expect(createHash("sha256").update(bytes).digest("hex")).toBe(output.sha256);
		}
	}));

test("a cancelled or failed attempt leaves no receipt and says why", () =>
	inTemporaryFolder(async (folder) => {
		await writeDataset(join(folder, "dataset"), dataset);
		const base = {
			revision: 1,
			key: "2".repeat(32),
			attempt: "a1",
			seed: 0,
			inputs: { dataset: join(folder, "dataset") },
		};
		const cancelled = {
			...base,
			output: join(folder, "c"),
			params: { protocol: "leave-one-out" },
			signal: AbortSignal.abort(),
		};
		await expect(runTsStage("split", cancelled)).rejects.toMatchObject({ code: "CANCELLED" });
		const wrong = { ...base, output: join(folder, "w"), params: { protocol: "by-moon" } };
		await expect(runTsStage("split", wrong)).rejects.toMatchObject({ code: "BAD_REQUEST" });
		for (const attempt of ["c", "w"])
			expect(await readdir(join(folder, attempt))).toEqual(["events.ndjson", "spec.json"]);
		const [last] = (await readFile(join(folder, "w", "events.ndjson"), "utf8")).trim().split("\n").slice(-1);
		expect(JSON.parse(last ?? "")).toMatchObject({ type: "log", payload: { level: "error" } });
	}));
