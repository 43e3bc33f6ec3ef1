import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { atelier } from "./command-line";
import { type Console, endRun, seedDataset, startConsole } from "./console";

let running: Console;
beforeEach(async () => {
	running = await startConsole();
	await seedDataset(running, "shop");
});
afterEach(() => running.stop());

const LAUNCH = ["launch", "baselines", "--dataset", "shop", "--methods", "popularity,core", "--wait"];
const bin = fileURLToPath(new URL("../bin/atelier.mjs", import.meta.url));

async function until<T>(find: () => Promise<T | null | undefined>): Promise<T> {
	for (let tries = 0; tries < 200; tries++) {
		const found = await find();
		if (found) return found;
		await sleep(50);
	}
	throw new Error("it never came to that");
}
const launchedRuns = () =>
	until(async () => {
		const runs = await running.db.run.findMany({ orderBy: { method: "asc" } });
		return runs.length === 2 ? runs : null;
	});

describe("launch --wait", () => {
	it("ends with the runs and their metrics", async () => {
		const waiting = atelier(running, ...LAUNCH);
		for (const run of await launchedRuns()) await endRun(running, run.id, 0.2);
		const { code, stdout } = await waiting;
		expect(code).toBe(0);
		expect(stdout.match(/succeeded +0\.2000 +0\.2000 +0\.2000/g)).toHaveLength(2);
	});

	it("fails with a run that fails, and with --json prints one document all the same", async () => {
		const waiting = atelier(running, ...LAUNCH, "--json");
		const [core, popularity] = await launchedRuns();
		await endRun(running, popularity?.id ?? "", 0.2);
		await endRun(running, core?.id ?? "", null);
		const { code, stdout, stderr } = await waiting;
		expect(code).toBe(1);
		expect(stderr).toMatch(/1 of 2 runs did not succeed\.\nshop core failed: baseline: it broke/);
		const run = z.object({ method: z.string(), status: z.string() });
		const { runs } = z.object({ runs: z.array(run) }).parse(JSON.parse(stdout));
		expect(runs.map(({ method, status }) => `${method} ${status}`).sort()).toEqual([
			"core failed",
			"popularity succeeded",
		]);
	});

	it("outlives a console that restarts: what ended meanwhile is told as ever", async () => {
		const child = spawn(process.execPath, [bin, ...LAUNCH], { env: { ...process.env, ...running.env } });
		const written = { stdout: "", stderr: "" };
		child.stdout.on("data", (chunk) => {
			written.stdout += String(chunk);
		});
		child.stderr.on("data", (chunk) => {
			written.stderr += String(chunk);
		});
		const exit = once(child, "exit");
		const runs = await launchedRuns();
		await until(async () => written.stderr.includes("shop "));
		await running.away();
		await until(async () => written.stderr.includes("the console does not answer; the runs go on"));
		for (const run of runs) await endRun(running, run.id, 0.2);
		await running.back();
		expect(await exit).toEqual([0, null]);
		expect(written.stdout.match(/succeeded +0\.2000 +0\.2000 +0\.2000/g)).toHaveLength(2);
	});

	it("on Ctrl-C says that the runs go on, and leaves them alone", async () => {
		const child = spawn(process.execPath, [bin, ...LAUNCH], { env: { ...process.env, ...running.env } });
		const written = { stdout: "", stderr: "" };
		child.stdout.on("data", (chunk) => {
			written.stdout += String(chunk);
		});
		child.stderr.on("data", (chunk) => {
			written.stderr += String(chunk);
		});
		const exit = once(child, "exit");
		await until(async () => written.stderr.includes("shop "));
		child.kill("SIGINT");
		expect(await exit).toEqual([130, null]);
		const [run] = await launchedRuns();
		expect(written.stdout).toBe("");
		expect(written.stderr).toContain(`The runs go on. Follow them: npx atelier runs list --launch ${run?.launchId}`);
		expect(await running.db.run.count({ where: { status: "queued" } })).toBe(2);

		const cancelled = await atelier(running, "runs", "cancel", "--launch", run?.launchId ?? "");
		expect(cancelled.stdout).toBe("Cancelled 2 of 2 runs.\n");
	});
});

describe("dataset import", () => {
	const importing = async (...more: string[]) => {
		const folder = await mkdtemp(join(tmpdir(), "log-"));
		await writeFile(join(folder, "items.csv"), "item_id,title\n");
		const args = ["dataset", "import", folder, "--format", "atelier", "--name", "log", ...more];
		const outcome = atelier(running, ...args);
		const row = await until(() => running.db.dataset.findFirst({ where: { status: "importing" } }));
		return { outcome, row, remove: () => rm(folder, { recursive: true }) };
	};

	it.each([[[]], [["--json"]]])("that fails exits with 1 and the worker's reason (%j)", async (more) => {
		const { outcome, row, remove } = await importing(...more);
		const error = "items.csv is empty.";
		await running.db.dataset.update({ where: { id: row.id }, data: { status: "failed", error } });
		const { code, stdout, stderr } = await outcome;
		expect(code).toBe(1);
		expect(stderr).toContain(`atelier: ${error}\n`);
		if (more.length > 0) expect(JSON.parse(stdout)).toEqual({ error: { code: "BAD_DATA", message: error } });
		else expect(stdout).toBe("");
		const shown = await atelier(running, "dataset", "show", "log");
		expect(shown.stdout).toBe(`log: the import failed.\n${error}\n`);
		await remove();
	});

	it("that ends well says what is there and how much is in quarantine", async () => {
		const { outcome, row, remove } = await importing();
		const counts = { items: 2000, users: 10, searches: 0, clicks: 0, purchases: 30, exposures: 0, rejected: 4 };
		await running.db.dataset.update({ where: { id: row.id }, data: { status: "ready", counts } });
		const { code, stdout } = await outcome;
		expect(code).toBe(0);
		expect(stdout).toBe(
			"log: 10 users, 2,000 items, 30 purchases; 4 rows in quarantine: npx atelier dataset show log says why.\n",
		);
		await remove();
	});
});
