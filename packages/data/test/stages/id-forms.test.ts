import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promptForm, type StageParams } from "@atelier/core";
import { describe, expect, it, test } from "vitest";
import { openDuckDb } from "../../src/duckdb";
import { idFormOf } from "../../src/stages/id-texts";
import { runParseStage } from "../../src/stages/parse";
import { runPromptsStage } from "../../src/stages/prompts";
import { runSplitStage } from "../../src/stages/split";
import { inTemporaryFolder, type LogRow, readRows, type TinyDataset, writeDataset, writeRows } from "./tiny-dataset";

const dataset: TinyDataset = {
	items: [
		{ id: 1, title: "Rain boot red", family: "rain" },
		{ id: 2, title: "Scarf" },
		{ id: 3, title: "Rain boot blue", family: "rain" },
		{ id: 4, title: "Snow <boot>", family: "snow" },
	],
	log: [1, 2, 3].flatMap((user): LogRow[] => [
		{ user, action: "click", item: 2, at: user },
		{ user, action: "purchase", item: 1, at: user + 0.1 },
		{ user, action: "purchase", item: user === 3 ? 4 : 3, at: user + 0.2 },
	]),
};

const base: StageParams<"prompts"> = {
	template: "compact-1",
	idForm: "plain",
	attributes: true,
	candidates: true,
	trainPrompts: 100,
	products: 2,
	maxEvents: 50,
	maxTokens: 500,
	charsPerToken: 4,
};

/** Examples: 0, 2, 4 train (item 1), 1, 3, 5 test (items 3, 3, 4); candidates are written by hand. */
async function prompts(folder: string, changed: Partial<StageParams<"prompts">>, told: TinyDataset = dataset) {
	const at = (name: string) => join(folder, name);
	await writeDataset(at("dataset"), told);
	for (const name of ["split", "memory", "prompts", "parse", "generate"]) await mkdir(at(name), { recursive: true });
	const rest = { seed: 0, report: () => {}, threads: 1 };
	await runSplitStage({
		...rest,
		inputs: { dataset: at("dataset") },
		output: at("split"),
		params: { protocol: "leave-one-out", target: "purchase", trainRatio: 1 },
	});
	await writeRows(join(at("memory"), "candidates.parquet"), "example_id INTEGER, items INTEGER[]", [
		"0, [2, 1, 4]",
		"1, [3, 4]",
		"2, [3, 4]",
		"3, [2, 4]",
		"4, [1]",
		"5, []",
	]);
	const inputs = { dataset: at("dataset"), split: at("split"), memory: at("memory") };
	await runPromptsStage({ ...rest, inputs, output: at("prompts"), params: { ...base, ...changed } });
	return readRows(at("prompts"), "prompts.parquet", "example_id");
}

async function parsed(folder: string, answers: [number, string][]) {
	const at = (name: string) => join(folder, name);
	await writeRows(
		join(at("generate"), "generations.parquet"),
		"example_id INTEGER, text VARCHAR, log_probability FLOAT",
		answers.map(([example, id]) => `${example}, '{<id>${id}</id>,<title>Boot</title>}', -1`),
	);
	const inputs = { generate: at("generate"), prompts: at("prompts"), dataset: at("dataset") };
	await runParseStage({
		inputs,
		output: at("parse"),
		params: { from: "generation" },
		seed: 0,
		report: () => {},
		threads: 1,
	});
	const rows = await readRows(at("parse"), "parsed.parquet", "example_id");
	return rows.map((row) => [row.item_id, row.in_catalogue, row.failure]);
}

test("a family's variants share a number, and every text is read back as its item", () =>
	inTemporaryFolder(async (folder) => {
		const rows = await prompts(folder, { idForm: "family" });
		const texts = await readRows(join(folder, "prompts"), "id_texts.parquet", "item_id");
		const textOf = new Map(texts.map((row) => [row.item_id, String(row.id_text)]));
		expect([...textOf.keys()]).toEqual([1, 2, 3, 4]);
		const [first, scarf, second, snow] = [...textOf.values()].map((text) => text.split("-"));
		expect(first?.[0]).toBe(second?.[0]);
		expect([first?.[1], second?.[1], scarf?.[1], snow?.[1]]).toEqual(["1", "2", "1", "1"]);
		expect(new Set([first?.[0], scarf?.[0], snow?.[0]])).toEqual(new Set(["1", "2", "3"]));
		expect(rows[1]?.response).toBe(`{<id>${textOf.get(3)}</id>,<title>Rain boot blue</title>}`);
		expect(rows[1]?.prompt).toContain(`bought ${textOf.get(1)}: Rain boot red`);
		expect(rows[1]?.prompt).toContain(`\n${textOf.get(3)}: Rain boot blue\n${textOf.get(4)}: Snow (boot)\n`);
		expect(
			await parsed(folder, [
				[1, textOf.get(3) ?? ""],
				[3, "9-9"],
				[5, "4"],
			]),
		).toEqual([
			[3, true, null],
			[null, false, "unknown-id"],
			[null, false, "malformed-id"],
		]);
	}));

test("under letters a training prompt whose target is no candidate is left out, a test prompt stays", () =>
	inTemporaryFolder(async (folder) => {
		const rows = await prompts(folder, { idForm: "letter" });
		expect(rows.map((row) => [row.example_id, row.split, row.target_at])).toEqual([
			[0, "train", 2],
			[1, "test", 1],
			[3, "test", 0],
			[4, "train", 1],
			[5, "test", 0],
		]);
		expect(rows[0]?.response).toBe("{<id>B</id>,<title>Rain boot red</title>}");
		expect(rows[2]?.response).toBe("{<id></id>,<title>Rain boot blue</title>}");
		expect(rows[0]?.prompt).toContain("User clicked Scarf. Candidates:\nA: Scarf\nB: Rain boot red\n### Response: ");
		expect(existsSync(join(folder, "prompts", "id_texts.parquet"))).toBe(false);
		// The same letter is another item for another shopper.
		expect(
			await parsed(folder, [
				[1, "B"],
				[3, "A"],
				[5, "A"],
			]),
		).toEqual([
			[4, true, null],
			[2, true, null],
			[null, false, "unknown-id"],
		]);
	}));

test("the limit on training prompts counts only those that letters can answer", () =>
	inTemporaryFolder(async (folder) => {
		const rows = await prompts(folder, { idForm: "letter", trainPrompts: 2 });
		expect(rows.filter((row) => row.split === "train").map((row) => row.example_id)).toEqual([0, 4]);
	}));

describe("what a prompts stage says of its prompts", () => {
	it.each([
		["plain", "id id none none id none"],
		["family", "id id family family id none"],
	] as const)("how much of an answer's id stands in its prompt, under %s", (idForm, expected) =>
		inTemporaryFolder(async (folder) => {
			const rows = await prompts(folder, { idForm });
			expect(rows.map((row) => row.shown).join(" ")).toBe(expected);
		}),
	);

	it("its form, and the attributes that training prompts name", () =>
		inTemporaryFolder(async (folder) => {
			const items = dataset.items.map((item) => ({
				...item,
				attributes: { size: "M", fabric: "silk", brand: "Nord" },
			}));
			const formOf = async (changed: Partial<StageParams<"prompts">>) => {
				const at = await mkdtemp(join(folder, "run-"));
				await prompts(at, changed, { ...dataset, items });
				return promptForm.parse(JSON.parse(await readFile(join(at, "prompts", "form.json"), "utf8")));
			};
			expect(await formOf({ template: "paper-1", idForm: "family" })).toEqual({
				contract: 1,
				template: "paper-1",
				idForm: "family",
				candidates: true,
				namedAttributes: ["brand", "size"],
			});
			expect((await formOf({ template: "paper-1", attributes: false })).namedAttributes).toEqual([]);
			expect((await formOf({ template: "compact-1" })).namedAttributes).toEqual([]);
		}));

	it.each(["plain", "family", "letter"] as const)("the id form %s is told, and of older stages read off", (idForm) =>
		inTemporaryFolder(async (folder) => {
			await prompts(folder, { idForm });
			const db = await openDuckDb({ threads: 1, memoryLimit: "256MB" });
			try {
				expect(await idFormOf(db, join(folder, "prompts"))).toBe(idForm);
				await rm(join(folder, "prompts", "form.json"));
				expect(await idFormOf(db, join(folder, "prompts"))).toBe(idForm);
			} finally {
				db.close();
			}
		}),
	);
});

test("letters without candidates are refused", () =>
	inTemporaryFolder(async (folder) => {
		await expect(prompts(folder, { idForm: "letter", candidates: false })).rejects.toMatchObject({
			code: "BAD_REQUEST",
		});
	}));

test("plain ids are their own texts, and no more events are written than asked for", () =>
	inTemporaryFolder(async (folder) => {
		const rows = await prompts(folder, { maxEvents: 1 });
		const texts = await readRows(join(folder, "prompts"), "id_texts.parquet", "item_id");
		expect(texts.map((row) => row.id_text)).toEqual(["1", "2", "3", "4"]);
		expect(rows[1]).toMatchObject({ dropped_events: 1 });
		expect(rows[1]?.prompt).toContain("User bought 1: Rain boot red. Candidates:");
	}));

test("without a language model the first candidate answers each test example, with its catalogue title", () =>
	inTemporaryFolder(async (folder) => {
		await prompts(folder, {});
		const at = (name: string) => join(folder, name);
		await runParseStage({
			inputs: { prompts: at("prompts"), dataset: at("dataset") },
			output: at("parse"),
			params: { from: "first-candidate" },
			seed: 0,
			report: () => {},
			threads: 1,
		});
		expect(await readRows(at("parse"), "parsed.parquet", "example_id")).toEqual([
			{
				example_id: 1,
				text: "",
				log_probability: null,
				item_id: 3,
				title: "Rain boot blue",
				in_catalogue: true,
				failure: null,
			},
			{ example_id: 3, text: "", log_probability: null, item_id: 2, title: "Scarf", in_catalogue: true, failure: null },
			{
				example_id: 5,
				text: "",
				log_probability: null,
				item_id: null,
				title: null,
				in_catalogue: false,
				failure: "no-candidates",
			},
		]);
	}));
