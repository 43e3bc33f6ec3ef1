import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OutsideMapping, type OutsideReport, problemWords } from "@atelier/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkOutsideRanks } from "../../src";
import { readRows, withConnection, writeRows } from "../stages/tiny-dataset";

let folder: string;
let dataset: string;
let split: string;

/** Three test shoppers, one of them cold, one shopper who is none; items `a` to `l`, of which `=f` is a formula's look-alike. */
const KEYS = ["a", "b", "c", "d", "e", "=f", "g", "h", "i", "j", "k", "l"];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "atelier-ranks-"));
	dataset = join(folder, "dataset");
	split = join(folder, "split");
	await Promise.all([mkdir(dataset), mkdir(split)]);
	const items = KEYS.map((key, place) => `${place + 1}, '${key}'`);
	await writeRows(join(dataset, "items.parquet"), "item_id INTEGER, item_key VARCHAR", items);
	const users = ["1, 'u1'", "2, 'u2'", "3, '=u3'", "4, 'u4'"];
	await writeRows(join(dataset, "interactions.parquet"), "user_id INTEGER, user_key VARCHAR", [...users, ...users]);
	const examples = [
		"0, 1, 1, false, 'test'",
		"1, 2, 2, true, 'test'",
		"2, 3, 6, false, 'test'",
		"3, 4, 3, false, 'train'",
	];
	const columns = "example_id INTEGER, user_id INTEGER, target_item INTEGER, cold BOOLEAN, split VARCHAR";
	await writeRows(join(split, "examples.parquet"), columns, examples);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let number = 0;
interface Given {
	mapping?: OutsideMapping;
	onlyCold?: boolean;
	ignoreUnknown?: boolean;
	missingAsMissed?: boolean;
}

async function check(name: string, content: string | null, given: Given = {}) {
	number += 1;
	const scratch = join(folder, `scratch-${number}`);
	await mkdir(scratch);
	const path = join(folder, name);
	if (content !== null) await writeFile(path, content);
	const { onlyCold = false, mapping, ignoreUnknown = false, missingAsMissed = false } = given;
	const leniency = { ignoreUnknown, missingAsMissed };
	const outcome = await checkOutsideRanks({ path, mapping, split, dataset, onlyCold, leniency, k: 3, folder: scratch });
	const rows = outcome.content === null ? [] : await readRows(scratch, "ranks.parquet", "example_id");
	return { ...outcome, rows };
}

const problemsOf = ({ problems }: OutsideReport) => problems.map(problemWords);

describe("lists", () => {
	const wanted = [
		{ example_id: 0, rank: 2, items: [2, 1, 3], scores: null },
		{ example_id: 1, rank: null, items: [1, 3, 4], scores: null },
		{ example_id: 2, rank: 1, items: [6, 1, 2], scores: null },
	];

	it("are read from CSV as JSON, as Python prints them and with blanks between; a guard of a formula is none of the key", async () => {
		const csv = `user_id,items\nu1,"[""b"",""a"",""c""]"\nu2,"['a', 'c', 'd']"\n'=u3,=f a b\n`;
		const { report, rows, content } = await check("lists.csv", csv);
		expect(problemsOf(report)).toEqual([]);
		expect(rows).toEqual(wanted);
		expect(report.metrics).toEqual({ "recall@3": 2 / 3, "ndcg@3": (1 / Math.log2(3) + 1) / 3, "mrr@3": (0.5 + 1) / 3 });

		const jsonl = [
			{ user_id: "u1", items: ["b", "a", "c"], ground_truth: "a" },
			{ user_id: "u2", items: ["a", "c", "d"], ground_truth: "b" },
			{ user_id: "=u3", items: ["=f", "a", "b"], ground_truth: "=f" },
		];
		const other = await check("lists.jsonl", jsonl.map((row) => JSON.stringify(row)).join("\n"));
		expect(other.rows).toEqual(wanted);
		// However they are written, the same ranks are the same.
		expect(other.content).toBe(content);
	});

	it("are put together of items that stand a row each, by rank or by score, as in RecBole's files", async () => {
		const tsv =
			"user_id:token\titem_id:token\tscore:float\nu1\ta\t.5\nu1\tb\t.9\nu1\tc\t.1\nu2\ta\t3\nu2\tc\t2\nu2\td\t1\n=u3\t=f\t1\n=u3\ta\t.5\n=u3\tb\t0";
		const { report, rows } = await check("topk.tsv", tsv);
		expect(problemsOf(report)).toEqual([]);
		expect(report.mapping).toEqual({ user: "user_id:token", item: "item_id:token", score: "score:float" });
		expect(rows.map(({ rank, items }) => ({ rank, items }))).toEqual(
			wanted.map(({ rank, items }) => ({ rank, items })),
		);
		expect(rows[0]?.scores).toEqual([0.9, 0.5, 0.1]);
	});

	it("come from Parquet with ranks beside them", async () => {
		await withConnection(async (connection) => {
			await connection.run(`COPY (SELECT * FROM (VALUES ('u1', ['b', 'a', 'c'], 2), ('u2', ['a', 'c', 'd'], 11), ('=u3', ['=f', 'a', 'b'], 1))
				AS t(user_id, items, rank)) TO '${join(folder, "lists.parquet")}' (FORMAT parquet)`);
		});
		const { report, rows } = await check("lists.parquet", null);
		expect(problemsOf(report)).toEqual([]);
		expect(rows.map(({ rank }) => rank)).toEqual([2, 11, 1]);
	});
});

it("ranks alone are enough, from 0 where that is said, empty where the ground truth is not ranked", async () => {
	const { report, rows } = await check("ranks.csv", "uid,position\nu1,0\nu2,\n=u3,4.0\n", {
		mapping: { user: "uid", rank: "position", ranksFrom: 0 },
	});
	expect(problemsOf(report)).toEqual([]);
	expect(rows.map(({ rank, items }) => [rank, items])).toEqual([
		[1, []],
		[null, []],
		[5, []],
	]);
	expect(report.notes.join(" ")).toMatch(/ranks alone/);
});

describe("what is wrong is counted, with its first lines, and nothing is left to import", () => {
	it("shoppers, lists and items", async () => {
		const rows = ["u1,a b zz", "u2,[a b", "=u3,=f a =f", "nobody,a b c", "u4,a b c", "u1,a b c", ",a b c"];
		const { report, content } = await check("wrong.csv", `user_id,items\n${rows.join("\n")}\n`);
		expect(problemsOf(report)).toEqual([
			expect.stringMatching(/without a shopper \(1\)\. First: line 8/),
			expect.stringMatching(/the data set does not have \(1\)\. First: line 5: nobody/),
			expect.stringMatching(/no test shoppers of this split \(1\)\. First: line 6: u4/),
			expect.stringMatching(/more than one row \(1\)\. First: line 7: u1/),
			expect.stringMatching(/Lists that cannot be read.* \(1\)\. First: line 3: \[a b/),
			expect.stringMatching(/catalogue.* \(1\)\. First: line 2: zz/),
			expect.stringMatching(/twice in a shopper's list \(3\)\. First: line 2: a/),
		]);
		expect({ content, metrics: report.metrics }).toEqual({ content: null, metrics: null });
		const missing = await check("missing.csv", "user_id,items\nu1,a b c\nu2,a c d\n");
		expect(problemsOf(missing.report).join()).toMatch(/says nothing of \(1\)\. First: =u3/);
	});

	it("ranks and ground truths", async () => {
		const rows = ["u1,x,a", "u2,1.5,b", "=u3,9999999999999999999,=f"];
		const { report } = await check("ranks.csv", `user_id,rank,ground_truth\n${rows.join("\n")}\n`);
		expect(problemsOf(report).join()).toMatch(
			/no whole numbers.* \(3\)\. First: line 2: x; line 3: 1\.5; line 4: 9999/,
		);
		const others = ["u1,0,b", "u2,13,b", "=u3,12,=f"];
		const { report: range } = await check("range.csv", `user_id,rank,ground_truth\n${others.join("\n")}\n`);
		expect(problemsOf(range)).toEqual([
			expect.stringMatching(/out of range.* \(2\)\. First: line 2: 0; line 3: 13/),
			expect.stringMatching(/not the split's \(1\)\. First: line 2: b, here a/),
		]);
	});

	it("a rank that the list contradicts, and scores that are none", async () => {
		const csv = "user_id,items,rank,scores\nu1,b a c,1,3 2 1\nu2,a c d,2,3 2\n=u3,=f a b,1,x y z\n";
		const said = problemsOf((await check("both.csv", csv)).report).join("\n");
		expect(said).toMatch(/disagree.*\(2\)\. First: line 2: 1, in the list at place 2; line 3: 2, in the list nowhere/);
		expect(said).toMatch(/Scores that are no list.*\(2\)\. First: line 3: 3 2; line 4: x y z/);
	});

	it("columns that nobody can guess, and columns that are not there", async () => {
		const { report } = await check("odd.csv", "x,y\nu1,a b\n");
		expect(problemsOf(report).join()).toMatch(/what the columns hold.*x, y/);
		expect(report.preview).toEqual([["u1", "a b"]]);
		const mapping = { user: "x", items: "z" };
		await expect(check("odd.csv", "x,y\nu1,a b\n", { mapping })).rejects.toThrow(/no column "z".*x, y/);
		await expect(check("ranks.xlsx", "PK")).rejects.toThrow(/\.csv, \.tsv, \.jsonl or \.parquet/);
	});
});

describe("what is let through when a person says so stands beside the figures", () => {
	it("unknown shoppers are left out, missing ones count as missed, short lists are told", async () => {
		const csv = "user_id,items\nu1,b c\nnobody,a b c\nu2,b\n";
		const { report, rows } = await check("partial.csv", csv, { ignoreUnknown: true, missingAsMissed: true });
		expect(problemsOf(report)).toEqual([]);
		expect(rows.map(({ rank }) => rank)).toEqual([null, 1, null]);
		expect(report.warnings).toEqual([
			expect.stringMatching(/^1 rows .* of no test shopper/),
			expect.stringMatching(/^1 test shoppers are not in the imported file/),
			expect.stringMatching(/^1 lists .* shorter than 3/),
		]);
	});

	it("in the setting cold-start only cold shoppers are asked for", async () => {
		const { report, rows } = await check("cold.csv", "user_id,items\nu1,a b c\nu2,b a c\n", { onlyCold: true });
		expect(problemsOf(report)).toEqual([]);
		expect(report.shoppers).toEqual({ expected: 1, found: 1 });
		expect(rows.map(({ example_id }) => example_id)).toEqual([1]);
		expect(report.notes.join(" ")).toMatch(/1 rows are of test shoppers whom this setting does not ask for/);
	});
});
