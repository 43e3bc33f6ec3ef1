import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ANY_PROCESSOR } from "./lesser-processor.mjs";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";
import { trainerPython } from "./trainer.mjs";

const playwright = [
	join(root, "node_modules", "@playwright", "test", "cli.js"),
	"test",
	"-c",
	"e2e/playwright.config.ts",
];

/** @param {string} report @returns {Promise<number>} */
export function runVitest(report) {
	const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
	// Given here, since a project with a configuration of its own does not take them from the root's: tests use a real
	// Postgres and real processes, on machines with two cores.
	const patience = ["--testTimeout=30000", "--hookTimeout=120000", "--maxWorkers=2"];
	const args = [vitest, "run", ...patience, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
	return watch(process.execPath, args, environment());
}

/** Kills of a running Atelier, in their short form. @param {string} report @returns {Promise<number>} */
export function runKills(report) {
	const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
	const args = [vitest, "run", "--root", "e2e", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
	return watch(process.execPath, args, environment());
}

/** @param {string} report @returns {Promise<number>} */
export function runPytest(report) {
	// A file is one process's: what its tests share is made once.
	return watch(trainerPython, [...pytest(report), "-n", "2", "--dist", "loadfile"], environment());
}

/**
 * The same tests as on another processor, beside the first: what they print comes at their end, in one piece.
 * @param {string} report @param {NodeJS.ProcessEnv} processor @returns {Promise<number>}
 */
export async function runPytestBeside(report, processor) {
	const ignored = ANY_PROCESSOR.map((name) => `--ignore=packages/trainer/tests/test_${name}.py`);
	const { code, output } = await run(trainerPython, [...pytest(report), ...ignored], {
		cwd: root,
		env: { ...environment(), ...processor },
	});
	process.stdout.write(output);
	return code;
}

/** @param {string} report */
const pytest = (report) => ["-m", "pytest", "packages/trainer", "-q", `--junitxml=${report}`];

/** @param {string} report @param {string} executable of Chromium @returns {Promise<number>} */
export function runPlaywright(report, executable) {
	return watch(process.execPath, [...playwright, "--reporter=list,json"], {
		...environment(),
		PLAYWRIGHT_JSON_OUTPUT_NAME: report,
		ATELIER_CHROMIUM: executable,
	});
}

/** @returns {Promise<number>} how many browser tests there are */
export async function listBrowserTests() {
	const { output } = await run(process.execPath, [...playwright, "--list"], { cwd: root });
	return Number(/Total: (\d+) test/.exec(output)?.[1] ?? 0);
}

/** For tests that start real stages and use the shared server, whose address is set once it runs. */
function environment() {
	return { ...process.env, ATELIER_TRAINER_PYTHON: trainerPython };
}

/**
 * Runs a program whose output goes straight to ours.
 * @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} env
 */
async function watch(command, args, env) {
	const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
	const [code] = await once(child, "exit");
	return Number(code ?? 1);
}
