import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Rank } from "@atelier/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { atelier } from "./command-line";
import { type Console, endRunRanked, seedDataset, startConsole } from "./console";

const DATASET = "shop-luggage-bags";
const USERS = 120;
/** Every n-th user is hit. */
const everyNth = (n: number): Rank[] => Array.from({ length: USERS }, (_, user) => (user % n === 0 ? 1 : null));

let running: Console;
let folder: string;
beforeAll(async () => {
	running = await startConsole();
	folder = await mkdtemp(join(tmpdir(), "atelier-figures-"));
	await seedDataset(running, DATASET, "shop");
	await seedDataset(running, "untouched");
	const launches = [
		["table3", "--variants", "full,no-memory"],
		["figure4", "--methods", "core,recformer,ours"],
		["figure6", "--methods", "core,ours", "--settings", "low-resource(0.1),full"],
	];
	for (const args of launches) {
		const { stderr, code } = await atelier(running, "launch", ...args, "--dataset", DATASET);
		// A launch that repeats what an earlier one has under way says so, and nothing else.
		expect(code).toBe(0);
		expect(stderr).toMatch(/^(?:\d+ of these \d+ runs (?:is|are) under way already.*\n)?$/);
	}
	for (const { id, method, variant, setting } of await running.db.run.findMany()) {
		const isBest = method === "ours" && variant === "full" && setting !== "low-resource(0.1)";
		await endRunRanked(running, id, everyNth(isBest ? 2 : 4));
	}
});
afterAll(async () => {
	await running.stop();
	await rm(folder, { recursive: true, force: true });
});

describe("table 3", () => {
	it("has each variant's difference to the full method, the paper's figures apart, and the findings in words", async () => {
		const { code, stdout, stderr } = await atelier(running, "table", "3", "--dataset", "shop");
		expect(code).toBe(0);
		expect(stdout).toMatch(
			/w\/o query-product memory +\| +0\.2500 \| \*\*-0\.2500 \[-0\.\d{4}, -0\.\d{4}\]\*\* \| +0\.2595/,
		);
		expect(stdout).toMatch(/Recall@10 \(paper\)/);
		expect(stdout).toMatch(/Paper: Every component.*Here: holds as far as measured\./);
		expect(stderr).toMatch(
			/Not measured on shop-luggage-bags: no-attributes.*launch table3 .*--variants no-attributes,/,
		);
	});

	it("of a dataset without runs says what to launch, and prints no empty table", async () => {
		const { code, stdout, stderr } = await atelier(running, "table", "3", "--dataset", "untouched");
		expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
		expect(stderr).toMatch(/No succeeded runs on untouched.*launch table3 --dataset untouched/);
	});
});

it("table 2 is followed by the paired tests of ours, which --comparisons writes alone", async () => {
	const table = await atelier(running, "table", "2", "--dataset", DATASET);
	expect(table.stdout).toMatch(/Ours minus CORE +\| +shop-luggage-bags/);
	const { stdout } = await atelier(running, "table", "2", "--dataset", DATASET, "--comparisons", "--format", "csv");
	expect(stdout.split("\n")[1]).toMatch(/^Ours minus CORE,shop-luggage-bags,"\+0\.2500 \[/);
});

describe("figures", () => {
	it("4 in Markdown names the test users of each method and what the paper concludes", async () => {
		const { stdout, stderr } = await atelier(running, "figure", "4");
		expect(stdout).toMatch(/\| shop-luggage-bags \| +Recformer \| +120 \| 0\.2500 \[/);
		expect(stdout).toMatch(/Paper: For items unseen in training, the framework is above Recformer\. Here: holds/);
		expect(stderr).toMatch(/launch figure4 --dataset shop-luggage-bags --methods popularity,.*--settings cold-start/);
	});

	it("6 in CSV has one measurement a line, shares as numbers", async () => {
		const { stdout } = await atelier(running, "figure", "6", "--format", "csv");
		const lines = stdout.trimEnd().split("\n");
		expect(lines[0]).toBe("dataset,source,ratio,method,users,metric,value,low,high,deviation");
		expect(lines.filter((line) => /,(0\.1|1),(core|ours),120,/.test(line))).toHaveLength(2 * 2 * 3);
	});

	it.each(["4", "6"])("%s as SVG draws every method by name, without a browser", async (figure) => {
		const { stdout } = await atelier(running, "figure", figure, "--format", "svg");
		expect(stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
		for (const word of ["CORE", "Ours", "NDCG@10", DATASET]) expect(stdout).toContain(word);
		expect(stdout).not.toMatch(/NaN|undefined/);
	});

	it("6 as PNG goes into the file that is named", async () => {
		const file = join(folder, "figure6.png");
		const { code, stdout } = await atelier(running, "figure", "6", "--format", "png", "--out", file);
		expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
		expect((await readFile(file)).subarray(1, 4).toString()).toBe("PNG");
	});

	it("5 without runs says what to launch, in JSON as in words", async () => {
		const { code, stdout, stderr } = await atelier(running, "figure", "5");
		expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
		expect(stderr).toMatch(/Nothing was measured for figure 5\. .*launch figure5 --dataset NAME/);
		const json = await atelier(running, "figure", "5", "--json");
		expect(JSON.parse(json.stdout)).toMatchObject({ pairs: [] });
	});
});

describe("compare", () => {
	const runOf = async (method: string, setting = "full") =>
		(await running.db.run.findFirstOrThrow({ where: { method, setting, variant: "full" } })).id;

	it("prints difference, interval, tests, wins and losses, and what is set differently", async () => {
		const { code, stdout } = await atelier(running, "compare", await runOf("ours"), await runOf("core"));
		expect(code).toBe(0);
		expect(stdout).toMatch(
			/Recall@10 +0\.5000 +0\.2500 +\+0\.2500 +\+0\.1\d+ to \+0\.3\d+ +0\.0001 +0\.0003 +30 +90 +0/,
		);
		expect(stdout).toMatch(/method +"ours" +"core"/);
	});

	it("in JSON is one document", async () => {
		const { stdout } = await atelier(running, "compare", await runOf("ours"), await runOf("core"), "--json");
		const { users } = z.object({ users: z.number() }).parse(JSON.parse(stdout));
		expect(users).toBe(USERS);
	});
});

describe("slice", () => {
	it("prints any K and metric of everyone, each method beside the reference", async () => {
		const { code, stdout } = await atelier(running, "slice", DATASET, "--metrics", "recall,hit", "--k", "3");
		expect(code).toBe(0);
		expect(stdout).toMatch(/^.*all 120 test shoppers/);
		expect(stdout).toMatch(/Recall@3 .*Hit rate@3 .*Recall@3 minus Ours/);
		expect(stdout).toMatch(/CORE +\| 0\.2500 \[.*\*\*-0\.2500 \[/);
		const csv = await atelier(running, "slice", DATASET, "--metrics", "mrr", "--format", "csv");
		expect(csv.stdout.split("\n")[0]).toBe("Method,MRR@10,MRR@10 minus Ours");
	});

	it("says what is wrong with a slice, where, and with a K beyond the lists, as bad usage", async () => {
		const wrong = await atelier(running, "slice", DATASET, "cold andd query");
		expect(wrong.code).toBe(2);
		expect(wrong.stderr).toMatch(/at character 6 \(cold andd/);
		const deep = await atelier(running, "slice", DATASET, "--k", "500");
		expect(deep.code).toBe(2);
		expect(deep.stderr).toMatch(/K = 500 is beyond what these lists hold: choose one up to 10/);
	});
});
