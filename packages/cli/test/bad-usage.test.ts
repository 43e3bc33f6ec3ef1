import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { atelier } from "./command-line";
import { type Console, seedDataset, startConsole } from "./console";

let running: Console;
beforeAll(async () => {
	running = await startConsole();
	await seedDataset(running, "shop-footwear", "shop");
});
afterAll(() => running.stop());

const failure = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) });
const IMPORT = ["dataset", "import"];
const HERE = import.meta.dirname;

describe.each<[string[], RegExp]>([
	[["datset"], /unknown command 'datset'[\s\S]*dataset/],
	[["dataset", "shwo"], /dataset has no command "shwo".*import, sample, list, show/],
	[["runs", "nope"], /runs has no command "nope".*list, show, logs, cancel, retry/],
	[["dataset", "list", "--colour"], /unknown option '--colour'/],
	[[...IMPORT, HERE], /--format/],
	[[...IMPORT, HERE, "--format", "xml", "--name", "a"], /xml.*atelier, recbole, amazon-reviews, sequences, mapping/],
	[[...IMPORT, "/no/such/log", "--format", "atelier", "--name", "a"], /nothing|no readable.*\/no\/such\/log/i],
	[[...IMPORT, HERE, "--format", "atelier", "--name", "Bad Name"], /name: must be lower-case letters/],
	[[...IMPORT, HERE, "--format", "mapping", "--name", "a"], /needs a mapping: hm, jdsearch/],
	[[...IMPORT, HERE, "--format", "mapping", "--name", "a", "--mapping", "zara"], /no mapping "zara".*hm, jdsearch/],
	[[...IMPORT, HERE, "--format", "recbole", "--name", "a", "--mapping", "hm"], /recbole takes no mapping/],
	[[...IMPORT, HERE, "--format", "recbole", "--name", "a", "--items", HERE], /sequences, not with recbole/],
	[[...IMPORT, HERE, "--format", "atelier", "--name", "a", "--max-rejected", "5"], /share from 0 to 1/],
	[["dataset", "sample", "--name", "s", "--users", "5"], /50 to 200,000/],
	[["dataset", "sample", "--name", "s", "--categories", "hats"], /"hats".*luggage-bags/],
	[["dataset", "show", "nope"], /No dataset is called "nope".*shop-footwear/],
	[["dataset", "remove", "nope"], /No dataset is called "nope"/],
	[["launch", "table9", "--dataset", "shop"], /Unknown suite "table9".*table2/],
	[["launch", "table2", "--dataset", "shoes"], /No dataset is called "shoes"/],
	[["launch", "table2", "--dataset", ","], /wants names, separated by commas/],
	[["launch", "table2", "--dataset", "shop", "--seeds", "0"], /whole number from 1 to 20/],
	[["launch", "table2", "--dataset", "shop", "--methods", "oars"], /Unknown method "oars".*ours/],
	[["launch", "table2", "--dataset", "shop", "--preset", "tiny"], /Unknown preset "tiny".*miniature/],
	[["launch", "table2", "--dataset", "shop", "--set", "epochs"], /"epochs" is not of the form name=value/],
	[["launch", "table2", "--dataset", "shop", "--set", "fineTune.epoch=1"], /no "epoch".*epochs/],
	[["launch", "table2", "--dataset", "shop", "--set", "fineTune.epochs=many"], /fineTune\.epochs.*number/],
	[["runs", "list", "--dataset", "shoes"], /"shoes".*shop, shop-footwear/],
	[["runs", "list", "--method", "oars"], /Unknown method "oars"/],
	[["runs", "list", "--limit", "0"], /1 to 500/],
	[["runs", "show", "nope"], /No run "nope"/],
	[["runs", "cancel"], /Name the runs/],
	[["runs", "cancel", "--launch", randomUUID()], /No launch/],
	[["table", "4"], /tables 1, 2 and 3.*figure 4/],
	[["table", "3", "--comparisons"], /--comparisons is for table 2/],
	[["figure", "3"], /figures 4, 5 and 6/],
	[["figure", "4", "--format", "pdf"], /pdf.*md, csv, svg, png, json/],
	[["figure", "4", "--dataset", "shoes"], /No dataset is called "shoes"/],
	[["figure", "6", "--preset", "tiny"], /Unknown preset "tiny".*miniature/],
	[["compare", "abc"], /at least two runs/],
	[["compare", "abc", "def"], /No run "(abc|def)"/],
	[["table", "2", "--format", "pdf"], /pdf.*md, csv, latex, json/],
	[["table", "2", "--dataset", "shoes"], /No dataset is called "shoes"/],
	[["table", "2", "--preset", "tiny"], /Unknown preset "tiny".*miniature/],
	[["inspect", "--run", "nope"], /No run "nope"/],
	[["inspect", "--run", "abc", "--n", "-1"], /0 to 100/],
	[["inspect", "--run", "abc", "--drop", "x"], /whole number/],
	[["inspect", "--run", "abc", "--drop", "1"], /name it with --user/],
])("atelier %j", (args, message) => {
	it("is bad usage, says what would do, and leaves nothing behind", async () => {
		const { code, stdout, stderr } = await atelier(running, ...args);
		expect(stderr).toMatch(message);
		expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
		expect(await running.db.dataset.count()).toBe(1);
		expect(await running.db.run.count()).toBe(0);
	});

	it("with --json is one document that says the same", async () => {
		const { code, stdout } = await atelier(running, ...args, "--json");
		expect(code).toBe(2);
		expect(failure.parse(JSON.parse(stdout)).error.message).toBeTruthy();
	});
});

it("the beginning of a run's id is no pattern: % and nothing at all name no run", async () => {
	await atelier(running, "launch", "baselines", "--dataset", "shop", "--methods", "popularity");
	for (const id of ["%", "", "_"]) {
		const { code, stderr } = await atelier(running, "runs", "cancel", id);
		expect({ code, stderr }).toEqual({ code: 2, stderr: `atelier: No run "${id}". See npx atelier runs list.\n` });
	}
	expect(await running.db.run.count({ where: { status: "queued" } })).toBe(1);
});

it("a console that does not answer, or refuses the token, is a failure, not bad usage", async () => {
	const gone = await atelier({ env: { ...running.env, ATELIER_URL: "http://127.0.0.1:9" } }, "dataset", "list");
	expect(gone).toMatchObject({ code: 1, stderr: expect.stringMatching(/does not answer.*npm start/) });
	const refused = await atelier({ env: { ...running.env, ATELIER_CLI_TOKEN: "guess" } }, "dataset", "list");
	expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/Sign in/) });
	for (const url of ["http://atelier.example", "http://10.0.0.1:3000", "http://127.0.0.1.evil.example", "ftp://x"]) {
		const asked = vi.spyOn(globalThis, "fetch");
		const told = await atelier({ env: { ...running.env, ATELIER_URL: url } }, "dataset", "list");
		expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining("ATELIER_URL") });
		expect(asked).not.toHaveBeenCalled();
		asked.mockRestore();
	}
	const wrong = await atelier({ env: { ...running.env, ATELIER_URL: "nowhere" } }, "dataset", "list");
	expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/ATELIER_URL/) });
});

it("help needs no console and ends well, for every command", async () => {
	const nowhere = { env: { ...running.env, ATELIER_URL: "http://127.0.0.1:9" } };
	for (const args of [
		[],
		["dataset"],
		["dataset", "import"],
		["launch"],
		["runs"],
		["table"],
		["figure"],
		["compare"],
		["inspect"],
		["doctor"],
	]) {
		const { code, stdout } = await atelier(nowhere, ...args, "--help");
		expect(code).toBe(0);
		expect(stdout).toMatch(/^Usage: atelier/);
	}
});
