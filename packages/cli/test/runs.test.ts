import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { atelier } from "./command-line";
import { type Console, endRun, seedDataset, startConsole } from "./console";

let running: Console;
let runIds: string[];
const launched = z.object({ launchId: z.string(), runIds: z.array(z.string()) });

beforeAll(async () => {
	running = await startConsole();
	await seedDataset(running, "shop-footwear", "shop");
	await seedDataset(running, "untouched");
	const { stdout } = await atelier(
		running,
		...["launch", "baselines", "--dataset", "shop", "--methods", "popularity,sasrec,core", "--json"],
	);
	runIds = launched.parse(JSON.parse(stdout)).runIds;
	const runs = await running.db.run.findMany();
	const idOf = (method: string) => runs.find((run) => run.method === method)?.id ?? "";
	await endRun(running, idOf("popularity"), 0.1);
	await endRun(running, idOf("sasrec"), 0.3);
});
afterAll(() => running.stop());

const runOf = (method: string) => running.db.run.findFirstOrThrow({ where: { method } });

describe("table 2", () => {
	it("in Markdown holds what was measured, best in bold, with intervals, and the paper's rows apart", async () => {
		const { code, stdout, stderr } = await atelier(running, "table", "2", "--dataset", "shop");
		// A third run waits: it has no row yet, and is not passed over in silence.
		expect(code).toBe(0);
		expect(stderr).toMatch(
			/^Under way on shop-footwear: 1 waiting, 0 of \d+ stages done\. Follow it: npx atelier runs list/,
		);
		const rows = stdout.split("\n").filter((line) => line.startsWith("| "));
		expect(rows[2]).toMatch(/^\| Popularity +\| +_0\.1000 \[0\.0500, 0\.1500\]_ \|/);
		expect(rows[3]).toMatch(/^\| SASRec +\| \*\*0\.3000 \[0\.2500, 0\.3500\]\*\* \|/);
		expect(stdout).toMatch(/\| SASRec \(paper\) +\| +0\.0857 \|/);
		expect(stdout).not.toContain("CORE");
	});

	it("in CSV has one line for each method under one header", async () => {
		const { stdout } = await atelier(running, "table", "2", "--dataset", "shop", "--format", "csv");
		expect(stdout.split("\n").slice(0, 2)).toEqual([
			"Method,shop-footwear Recall@10,shop-footwear NDCG@10,shop-footwear MRR@10",
			'Popularity,"0.1000 [0.0500, 0.1500]","0.1000 [0.0500, 0.1500]","0.1000 [0.0500, 0.1500]"',
		]);
	});

	it("marks a figure whose run warns, says what of under the table, and so do the run and CSV", async () => {
		const { id } = await runOf("sasrec");
		const warnings = [{ code: "small-catalogue", message: "Catalogue of 7 items: Recall@10 says nothing" }];
		await running.db.run.update({ where: { id }, data: { warnings } });
		const table = await atelier(running, "table", "2", "--dataset", "shop");
		expect(table.stdout).toMatch(/\| SASRec +\| \*\*0\.3000 \[0\.2500, 0\.3500\]\*\* † \|/);
		expect(table.stdout).toContain("† SASRec on shop-footwear: Catalogue of 7 items: Recall@10 says nothing.");
		const csv = await atelier(running, "table", "2", "--dataset", "shop", "--format", "csv");
		expect(csv.stdout.split("\n")[2]).toMatch(/,shop-footwear: Catalogue of 7 items: Recall@10 says nothing$/);
		const shown = await atelier(running, "runs", "show", id);
		expect(shown.stdout).toContain("Warning (small-catalogue): Catalogue of 7 items: Recall@10 says nothing");
		await running.db.run.update({ where: { id }, data: { warnings: [] } });
	});

	it("in LaTeX is a table", async () => {
		const { stdout } = await atelier(running, "table", "2", "--dataset", "shop", "--format", "latex");
		expect(stdout).toMatch(/^% In the preamble.*\n\\begin\{table\}[\s\S]*\\textbf\{0\.300\}[\s\S]*\\end\{table\}\n$/);
	});

	it("in JSON is one document with the runs behind each cell", async () => {
		const { stdout } = await atelier(running, "table", "2", "--dataset", "shop", "--format", "json");
		const cell = z.object({ method: z.string(), runs: z.array(z.object({ id: z.string() })) });
		const document = z.object({ datasets: z.array(z.object({ cells: z.array(cell) })) }).parse(JSON.parse(stdout));
		const { id } = await runOf("sasrec");
		expect(document.datasets[0]?.cells.find(({ method }) => method === "sasrec")?.runs).toEqual([{ id }]);
	});

	it("of a dataset without runs says how to get some, and prints no empty table", async () => {
		const { code, stdout, stderr } = await atelier(running, "table", "2", "--dataset", "untouched");
		expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
		expect(stderr).toMatch(/No succeeded runs on untouched.*launch table2 --dataset untouched/);
	});
});

describe("runs", () => {
	it("list fits a hundred columns, and its short ids are taken by the other commands", async () => {
		const { stdout } = await atelier(running, "runs");
		const lines = stdout.trimEnd().split("\n");
		expect(lines).toHaveLength(2 + runIds.length);
		for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
		const id = lines.find((line) => line.includes("sasrec"))?.split(" ")[0] ?? "";
		const shown = await atelier(running, "runs", "show", id);
		expect(shown.stdout).toMatch(/sasrec on shop-footwear, seed 1, preset miniature: succeeded/);
		expect(shown.stdout).toMatch(/recall@10 +all +0\.3000 +0\.2500 to 0\.3500 +1,000/);
	});

	it("list of a filter that nothing passes says so", async () => {
		const { code, stdout } = await atelier(running, "runs", "list", "--dataset", "untouched");
		expect({ code, stdout }).toEqual({ code: 0, stdout: "No such runs.\n" });
	});

	it("logs of a stage that the run does not have names those that it has", async () => {
		const { id } = await runOf("sasrec");
		const { code, stderr } = await atelier(running, "runs", "logs", id, "--stage", "fine-tune");
		expect(code).toBe(2);
		expect(stderr).toMatch(/no stage "fine-tune".*split, baseline, evaluate/);
	});

	it("inspect refuses a run that has not succeeded, with or without a shopper", async () => {
		const { id } = await runOf("core");
		for (const user of [[], ["--user", "u1"]]) {
			const { code, stdout, stderr } = await atelier(running, "inspect", "--run", id, ...user);
			expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
			expect(stderr).toMatch(/is queued: it has no lists yet/);
		}
	});

	it("cancel and retry count what they could do", async () => {
		const ids = await Promise.all([runOf("core"), runOf("sasrec")]).then((runs) => runs.map(({ id }) => id));
		const cancelled = await atelier(running, "runs", "cancel", ...ids);
		expect(cancelled.stdout).toBe("Cancelled 1 of 2 runs. The others had ended.\n");
		const retried = await atelier(running, "runs", "retry", ...ids, "--json");
		expect(JSON.parse(retried.stdout)).toEqual({ retried: 1 });
	});
});

it("a dataset with runs is removed only when told so", async () => {
	const refused = await atelier(running, "dataset", "remove", "shop-footwear");
	expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/has 3 runs.*--with-runs/) });
	expect(await running.db.run.count()).toBe(3);
});

it("doctor fails while no worker is there", async () => {
	const { code, stdout } = await atelier(running, "doctor");
	expect(code).toBe(1);
	expect(stdout).toMatch(/^ok +console.*version test$/m);
	expect(stdout).toMatch(/^FAIL +worker/m);
});

it("sign-in prints a link to the console", async () => {
	const { stdout } = await atelier(running, "sign-in", "--json");
	expect(z.object({ url: z.url() }).parse(JSON.parse(stdout)).url).toMatch(/magic-link/);
});

describe("the queue", () => {
	it("is in words: a run that is queued waits, and nobody is there to run it", async () => {
		const { id } = await runOf("core");
		const listed = await atelier(running, "runs", "list");
		expect(listed.stdout).toMatch(/core +1 +waiting 0\/\d+, for a worker/);
		const shown = await atelier(running, "runs", "show", id);
		expect(shown.stdout).toContain("Waits for a worker: none is running.");
	});

	it("changes by priority and by moving up, by the beginnings of ids", async () => {
		const { id, launchId } = await runOf("core");
		const raised = await atelier(running, "runs", "priority", launchId.slice(0, 8), "-3");
		expect(raised.stdout).toBe(`Launch ${launchId.slice(0, 8)} has priority -3.\n`);
		const up = await atelier(running, "runs", "up", id.slice(0, 8));
		expect(up.stdout).toBe("Moved 1 of 1 runs to the front of the queue.\n");
		const shown = await atelier(running, "runs", "show", id);
		expect(shown.stdout).toContain("priority -3, moved up;");
	});

	it("refuses a priority beyond its bounds", async () => {
		const { launchId } = await runOf("core");
		const { code, stderr } = await atelier(running, "runs", "priority", launchId, "11");
		expect(code).toBe(2);
		expect(stderr).toContain("wants a whole number from -10 to 10.");
	});
});
