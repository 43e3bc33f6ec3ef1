import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDuckDb } from "@atelier/data";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { atelier } from "./command-line";
import { type Console, startConsole } from "./console";

/** More than two pages of what the console reads at once. */
const SHOPPERS = 1_200;
/** Keys that a spreadsheet would run, that hold separators, or that cannot be seen. */
const HOSTILE = ['=HYPERLINK("x")', "a,b;c", "tab\there", 'quo"te', "\u202eright", "plain-7"];
const ITEMS = 20;

let running: Console;
let folder: string;
let runId: string;

beforeAll(async () => {
	running = await startConsole();
	folder = await mkdtemp(join(tmpdir(), "atelier-export-"));
	runId = await seedRun(running);
});
afterAll(async () => {
	await running.stop();
	await rm(folder, { recursive: true, force: true });
});

const itemKey = (id: number) => HOSTILE[id - 1] ?? `item-${id}`;
const userKey = (example: number) => (example < HOSTILE.length ? `u${HOSTILE[example]}` : `shopper-${example}`);
const rankOf = (example: number) => (example % 3 === 0 ? null : 1 + (example % 12));
const listOf = (example: number) => [0, 1, 2, 3].map((place) => 1 + ((example + place) % ITEMS));

/** A succeeded run with its split's examples, as a worker leaves them. */
async function seedRun({ db }: Console): Promise<string> {
	const dataset = { id: "d0", name: "shop", format: "atelier", status: "ready" as const, request: {} };
	await db.dataset.create({ data: dataset });
	await db.item.createMany({
		data: Array.from({ length: ITEMS }, (_, i) => ({
			...{ datasetId: "d0", itemId: i + 1, itemKey: itemKey(i + 1), title: `Item ${i + 1}`, attributes: {} },
		})),
	});
	const split = { key: "split-key", kind: "split", datasetId: "d0", revision: 1, params: {}, seed: 0, inputs: {} };
	await db.stage.create({ data: { ...split, status: "succeeded" } });
	const launch = await db.launch.create({ data: { id: randomUUID(), suite: "t", preset: "p", request: {} } });
	const run = { id: randomUUID(), launchId: launch.id, datasetId: "d0", method: "core", seed: 1, preset: "p" };
	await db.run.create({ data: { ...run, config: {}, status: "succeeded" } });
	await db.runStage.create({ data: { runId: run.id, stageKey: split.key, ordinal: 0 } });
	const examples = Array.from({ length: SHOPPERS }, (_, exampleId) => exampleId);
	await db.example.createMany({
		data: examples.map((exampleId) => ({
			...{ stageKey: split.key, exampleId, userId: exampleId + 1, userKey: userKey(exampleId) },
			...{ targetItem: 1 + (exampleId % ITEMS), targetOrd: 5, sessionOrd: 4, cold: exampleId % 2 === 0 },
		})),
	});
	const set = { key: "set-key", datasetId: "d0", size: SHOPPERS, members: Buffer.alloc(8 * SHOPPERS) };
	await db.exampleSet.create({ data: set });
	const column = { stageKey: split.key, setKey: set.key };
	const history = { name: "history", kind: "number", dictionary: ["2", "7"] };
	const season = { name: "season", kind: "category", dictionary: ["=winter"] };
	await db.exampleColumn.createMany({
		data: [
			{ ...column, ...history, codes: Buffer.from(examples.map((one) => 1 + (one % 2))) },
			{ ...column, ...season, codes: Buffer.from(examples.map((one) => Number(one % 4 === 0))) },
		],
	});
	await db.prediction.createMany({
		data: examples.map((exampleId) => ({
			...{ runId: run.id, exampleId, userId: exampleId + 1, groundTruth: 1 + (exampleId % ITEMS) },
			...{ rank: rankOf(exampleId), items: listOf(exampleId), origins: [], cold: exampleId % 2 === 0 },
		})),
	});
	return run.id;
}

const line = z.object({
	user_id: z.string(),
	ground_truth: z.string(),
	rank: z.number().nullable(),
	items: z.array(z.string()),
	scores: z.null(),
	cold: z.boolean(),
	history: z.number(),
	season: z.string().nullable(),
});
const expected = Array.from({ length: SHOPPERS }, (_, example) => ({
	user_id: userKey(example),
	ground_truth: itemKey(1 + (example % ITEMS)),
	rank: rankOf(example),
	items: listOf(example).map(itemKey),
	scores: null,
	cold: example % 2 === 0,
	history: example % 2 === 0 ? 2 : 7,
	season: example % 4 === 0 ? "=winter" : null,
}));

it("a run goes out with every shopper, keys to the last character, as JSON lines and as Parquet", async () => {
	const jsonl = join(folder, "run.jsonl");
	const { code, stdout } = await atelier(running, "run", "export", runId.slice(0, 8), "--out", jsonl);
	expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("1,200 shoppers") });
	const lines = (await readFile(jsonl, "utf8")).trimEnd().split("\n");
	expect(lines.map((one) => line.parse(JSON.parse(one)))).toEqual(expected);

	const parquet = join(folder, "run.parquet");
	expect((await atelier(running, "run", "export", runId, "--out", parquet)).code).toBe(0);
	const duckdb = await openDuckDb();
	expect(await duckdb.all(line, `SELECT * FROM read_parquet('${parquet}')`)).toEqual(expected);
	duckdb.close();
	// What the console wrote on the way is gone.
	expect(await readdir(join(running.home, "tmp"))).toEqual([]);
});

it("in CSV no cell is a formula, and a list reads back as it was", async () => {
	const csv = join(folder, "run.csv");
	expect((await atelier(running, "run", "export", runId, "--out", csv)).code).toBe(0);
	const text = await readFile(csv, "utf8");
	expect(text.split("\n").filter((row) => /(^|,)"?[=+@]/.test(row))).toEqual([]);
	const duckdb = await openDuckDb();
	const rows = await duckdb.all(
		z.object({ ground_truth: z.string(), items: z.array(z.string()) }),
		`SELECT ground_truth, items::VARCHAR[] AS items FROM (
			SELECT ground_truth, from_json(items, '["VARCHAR"]') AS items FROM read_csv('${csv}', header = true, all_varchar = true))`,
	);
	duckdb.close();
	expect(rows.map(({ items }) => items)).toEqual(expected.map(({ items }) => items));
	expect(rows[0]?.ground_truth).toBe(`'${itemKey(1)}`);
});

it("a file that is there stays, and an export that breaks off leaves none", async () => {
	const there = join(folder, "there.csv");
	await writeFile(there, "mine");
	const refused = await atelier(running, "run", "export", runId, "--out", there);
	expect({ code: refused.code, said: refused.stderr }).toEqual({ code: 1, said: expect.stringMatching(/--force/) });
	expect(await readFile(there, "utf8")).toBe("mine");

	// A shopper that the split has lost is no reason to write a shorter file.
	const { db } = running;
	const lost = await db.example.delete({ where: { stageKey_exampleId: { stageKey: "split-key", exampleId: 1_000 } } });
	for (const name of ["broken.csv", "broken.parquet"]) {
		const { code } = await atelier(running, "run", "export", runId, "--out", join(folder, name));
		expect(code).toBe(1);
	}
	await db.example.create({ data: lost });
	expect((await readdir(folder)).filter((name) => name.includes("broken"))).toEqual([]);
});
