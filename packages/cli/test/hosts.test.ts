import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atelier } from "./command-line";
import { type Console, seedDataset, startConsole } from "./console";

let running: Console;
let folder: string;
beforeAll(async () => {
	running = await startConsole();
	folder = await mkdtemp(join(tmpdir(), "atelier-hosts-"));
	await seedDataset(running, "shop");
}, 60_000);
afterAll(async () => {
	await running?.stop();
	await rm(folder, { recursive: true, force: true });
});

describe("atelier host", () => {
	it("lists this machine before any other is added", async () => {
		const { code, stdout } = await atelier(running, "host");
		expect(code).toBe(0);
		expect(stdout).toMatch(/local +reachable/);
	});

	it.each([
		["add gpu-1 --address http://10.0.0.7:8265", 2, /not this machine's loopback.*--token-file/],
		["add gpu-1 --address http://10.0.0.7:8265 --token-file FOLDER/none", 2, /token cannot be read from/],
		["add gpu-1 --address http://10.0.0.7:8265 --token-file FOLDER/token", 1, /No worker is running/],
		["add gpu-1", 2, /--address/],
		["show gpu-9", 2, /no host "gpu-9"\. There are: local/],
		["remove local", 1, /each worker's own machine/],
	])("%s: exit code %i and what to do", async (line, wanted, words) => {
		await writeFile(join(folder, "token"), "secret-of-the-cluster\n");
		const { code, stdout, stderr } = await atelier(running, "host", ...line.replace("FOLDER", folder).split(" "));
		expect(stderr).toMatch(words);
		expect(code).toBe(wanted);
		expect(stdout + stderr).not.toContain("secret-of-the-cluster");
		expect(await running.db.host.count()).toBe(1);
	});
});

it("a plan says where each stage would run, and a host that is not there is refused by name", async () => {
	const launch = ["launch", "baselines", "--dataset", "shop", "--methods", "popularity", "--plan"];
	const { stdout } = await atelier(running, ...launch);
	expect(stdout).toMatch(/split .*new +worker/);
	expect(stdout).toMatch(/baseline .*new +local/);
	const { code, stderr } = await atelier(running, ...launch, "--on", "gpu-9");
	expect([code, stderr]).toEqual([2, expect.stringContaining('There is no host "gpu-9". There are: local.')]);
});

it("a run whose host does not answer says since when, and is fenced by name", async () => {
	const launched = await atelier(running, "launch", "baselines", "--dataset", "shop", "--methods", "popularity");
	expect(launched.code).toBe(0);
	const run = await running.db.run.findFirstOrThrow({ include: { stages: { include: { stage: true } } } });
	const key = run.stages.find(({ stage }) => stage.kind === "baseline")?.stageKey ?? "";
	const early = await atelier(running, "runs", "fence", run.id);
	expect([early.code, early.stderr]).toEqual([1, expect.stringContaining("Nothing to fence")]);

	const since = new Date("2026-11-28T21:00:00.000Z");
	await running.db.stage.update({ where: { key }, data: { status: "running" } });
	const attempt = { id: "a", stageKey: key, number: 1, workerId: "w", path: "p", host: "gpu-1", handle: "h" };
	await running.db.attempt.create({ data: { ...attempt, leaseUntil: since, unreachableSince: since } });
	const shown = await atelier(running, "runs", "show", run.id);
	expect(shown.stdout).toMatch(/baseline +running, unreachable since 2026-11-28T21:00:00\.000Z +gpu-1/);
	const fenced = await atelier(running, "runs", "fence", run.id);
	expect(fenced.stdout).toMatch(/Fenced 1 stages/);
	expect(await running.db.stage.findUnique({ where: { key } })).toMatchObject({ status: "queued" });
	expect(await running.db.attempt.findUnique({ where: { id: "a" } })).toMatchObject({ status: "cancelled" });
}, 30_000);
