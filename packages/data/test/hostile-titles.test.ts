import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { csvRow, type StageParams } from "@atelier/core";
import { hostileTitles as hostile } from "@atelier/core/testing";
import { expect, test } from "vitest";
import { runParseStage } from "../src/stages/parse";
import { runPromptsStage } from "../src/stages/prompts";
import { runSplitStage } from "../src/stages/split";
import { emptyStore, folderWith, importInto, tableRows } from "./import/fixture";
import { inTemporaryFolder, readRows, writeRows } from "./stages/tiny-dataset";

/** Every hostile text as a title, an attribute, a query, an item's id and a shopper's key; each bought twice. */
const items = hostile.map(({ title }, place) => ({ item_id: `${place} ${title}`, title, color: title }));
const interactions = items.flatMap(({ item_id, title }, place) =>
	[0, 1].flatMap((round) => [
		{
			user_id: `u${place} ${title}`,
			action: "search",
			item_id: null,
			query: title,
			timestamp: 1_700_000_000 + round * 60,
		},
		{ user_id: `u${place} ${title}`, action: "purchase", item_id, query: null, timestamp: 1_700_000_001 + round * 60 },
	]),
);
const rows = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");

const params: StageParams<"prompts"> = {
	...{ template: "paper-1", idForm: "plain", attributes: true, candidates: true, trainPrompts: 1_000, products: 2 },
	...{ maxEvents: 50, maxTokens: 4_000, charsPerToken: 4 },
};

test("hostile titles come in as they are, and out of a prompt, an answer and its parse as the catalogue has them", () =>
	inTemporaryFolder(async (folder) => {
		const source = await folderWith({ "items.jsonl": rows(items), "interactions.jsonl": rows(interactions) });
		const outcome = await importInto(await emptyStore(), { path: source, format: "atelier" });
		const catalogue = await tableRows(outcome, "items", "item_id");
		// An import makes one space of blanks, line breaks and control characters, and changes nothing else.
		const bare = (text: unknown) => String(text).replace(/[\s\p{Cc}]+/gu, "");
		const given = new Map(items.map(({ item_id, title }) => [bare(item_id), bare(title)]));
		expect(catalogue).toHaveLength(items.length);
		for (const { item_key, title } of catalogue) expect(bare(title)).toBe(given.get(bare(item_key)));

		const at = (name: string) => join(folder, name);
		await symlink(outcome.path, at("dataset"));
		for (const name of ["split", "memory", "prompts", "generate", "parse"]) await mkdir(at(name));
		const rest = { seed: 0, report: () => {}, threads: 1 };
		const inputs = { dataset: at("dataset"), split: at("split"), memory: at("memory"), prompts: at("prompts") };
		await runSplitStage({
			...rest,
			inputs,
			output: at("split"),
			params: { protocol: "leave-one-out", target: "purchase", trainRatio: 1 },
		});
		const examples = await readRows(at("split"), "examples.parquet", "example_id");
		await writeRows(
			join(at("memory"), "candidates.parquet"),
			"example_id INTEGER, items INTEGER[]",
			examples.map((row) => `${row.example_id}, [${row.target_item}, 1]`),
		);
		await runPromptsStage({ ...rest, inputs, output: at("prompts"), params });
		const prompts = await readRows(at("prompts"), "prompts.parquet", "example_id");
		expect(prompts.length).toBeGreaterThanOrEqual(items.length);
		for (const { prompt, response } of prompts) {
			expect(String(prompt).match(/^### (?:Instruction|Input|Response): /gm)).toHaveLength(3);
			expect(String(prompt).match(/###/g)).toHaveLength(3);
			expect(String(prompt).match(/<\/?(?:id|title)>/g)).toHaveLength(4);
			expect(String(response).match(/<\/?(?:id|title)>/g)).toHaveLength(4);
		}

		const text = (value: unknown) => `'${String(value).replaceAll("'", "''")}'`;
		await writeRows(
			join(at("generate"), "generations.parquet"),
			"example_id INTEGER, text VARCHAR, log_probability FLOAT",
			prompts.map(({ example_id, response }) => `${example_id}, ${text(response)}, -1`),
		);
		await runParseStage({
			...{ ...rest, output: at("parse"), params: { from: "generation" } },
			inputs: { ...inputs, generate: at("generate") },
		});
		const titleOf = new Map(catalogue.map(({ item_id, title }) => [Number(item_id), title]));
		const targetOf = new Map(prompts.map(({ example_id, target_item }) => [example_id, target_item]));
		const parsed = await readRows(at("parse"), "parsed.parquet", "example_id");
		expect(parsed).toHaveLength(prompts.length);
		for (const { example_id, item_id, title, failure } of parsed) {
			expect(item_id).toBe(targetOf.get(example_id));
			if (failure !== "empty-title") expect(title).toBe(titleOf.get(Number(item_id)));
		}
	}));

test("what a CSV export defused is imported as one row for each, and nothing runs into the next", async () => {
	const csv =
		csvRow(["item_id", "title"]) + items.map(({ title }, place) => csvRow([`i${place}`, `x${title}`])).join("");
	const log =
		csvRow(["user_id", "action", "item_id", "timestamp"]) +
		items.map((_, place) => csvRow(["u1", "purchase", `i${place}`, place])).join("");
	const source = await folderWith({ "items.csv": csv, "interactions.csv": log });
	const outcome = await importInto(await emptyStore(), { path: source, format: "atelier" });
	expect(await tableRows(outcome, "items")).toHaveLength(items.length);
});
