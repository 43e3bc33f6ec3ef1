import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isAlive } from "../lib/processes.mjs";
import { stopTrainerProcesses, trainerProcesses } from "../lib/trainer-processes.mjs";

/** @type {string} */
let folder;
/** @type {number[]} */
const started = [];
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "atelier-trainers-"));
	mkdirSync(join(folder, "lib", "atelier_trainer"), { recursive: true });
	writeFileSync(join(folder, "lib", "atelier_trainer", "__main__.py"), "import time; time.sleep(60)");
});
afterAll(() => {
	for (const pid of started.filter(isAlive)) process.kill(pid, "SIGKILL");
	rmSync(folder, { recursive: true, force: true });
});

/** @param {string[]} args after the module's name */
function trainer(...args) {
	const { pid } = spawn("python3", ["-m", "atelier_trainer", ...args], {
		env: { ...process.env, PYTHONPATH: join(folder, "lib") },
		stdio: "ignore",
	});
	started.push(Number(pid));
	return Number(pid);
}

it("trainers of a data folder are found by it, and those of one whose name begins alike are left alone", async () => {
	const home = join(folder, "data");
	const training = trainer("run", join(home, "store", "spec.json"));
	const serving = trainer("serve", join(home, "serving", "spec.json"));
	const alike = trainer("run", join(folder, "data-2", "store", "spec.json"));
	const mentioning = trainer("run", "/elsewhere/spec.json", join(home, "store"));
	await expect.poll(async () => (await trainerProcesses(home)).length, { timeout: 10_000 }).toBe(2);
	expect(new Map((await trainerProcesses(home)).map(({ pid, does }) => [pid, does]))).toEqual(
		new Map([
			[training, "run"],
			[serving, "serve"],
		]),
	);
	expect(await stopTrainerProcesses(home)).toBe(2);
	expect([training, serving, alike, mentioning].map(isAlive)).toEqual([false, false, true, true]);
}, 30_000);
