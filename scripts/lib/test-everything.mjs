import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkDisk, checkWritable } from "./checks.mjs";
import { findChromium } from "./chromium.mjs";
import { sentenceFor } from "./failure.mjs";
import { ensureJavaScriptPackages, ensurePrismaClient } from "./javascript-packages.mjs";
import { LESSER_PROCESSOR, whyNotLesser } from "./lesser-processor.mjs";
import { inHome, root } from "./paths.mjs";
import { noteOf, step } from "./steps.mjs";
import { addUp, playwrightCounts, pytestCounts, vitestCounts } from "./test-counts.mjs";
import { listBrowserTests, runKills, runPlaywright, runPytest, runPytestBeside, runVitest } from "./test-runners.mjs";
import { startTestPostgres } from "./test-server.mjs";
import { installTrainerForTests } from "./trainer.mjs";

/** @typedef {import("./test-counts.mjs").Counts} Counts */

/**
 * `npm test`: installs what the tests need, runs all of them, and ends with one line of counts. Exits with 1 when a test
 * failed or a runner could not do its work.
 */
export async function testEverything() {
	/** @type {Counts[]} */
	const counts = [];
	/** @type {string[]} */
	const troubles = [];
	try {
		checkWritable();
		checkDisk();
		await step("Installing JavaScript packages", () => noteOf(ensureJavaScriptPackages()));
		await step("Generating the database client", () => noteOf(ensurePrismaClient()));
		const trainerTrouble = await step("Installing the trainer", async () => {
			const sentence = await installTrainerForTests();
			return { result: sentence, note: sentence ? "failed" : "done" };
		});
		const server = await step("Starting a Postgres for the tests", async () => ({ result: await startTestPostgres() }));
		try {
			await suite("TypeScript (vitest)", runVitest, vitestCounts);
			if (trainerTrouble) troubles.push(`The trainer's tests did not run: ${trainerTrouble}`);
			else await trainerTests();
			if (existsSync(join(root, "e2e", "playwright.config.ts"))) await browserTests();
			if (!trainerTrouble) await suite("Kills (vitest)", runKills, vitestCounts);
		} finally {
			await server.stop();
		}
	} catch (error) {
		troubles.push(sentenceFor(error));
	}

	for (const trouble of troubles) console.error(`\n${trouble}`);
	const { passed, failed, skipped } = addUp(counts);
	console.log(`\ntests: ${passed} passed, ${failed} failed, ${skipped} skipped`);
	process.exit(failed > 0 || troubles.length > 0 ? 1 : 0);

	/**
	 * @param {string} name
	 * @param {(report: string) => Promise<number>} runSuite returns the runner's exit code
	 * @param {(report: string) => Counts | null} read null when the runner left no report
	 */
	async function suite(name, runSuite, read) {
		console.log(`\n── ${name}`);
		const { code, report } = await withReport(name, runSuite);
		const result = read(report);
		if (result) counts.push(result);
		// A runner that fails without a failed test crashed, or found no tests: silence would pass for success.
		if (!result || (code !== 0 && result.failed === 0)) troubles.push(`${name} ended with ${code} on its own account.`);
		else if (result.passed + result.failed + result.skipped === 0) troubles.push(`${name} found no tests.`);
	}

	/**
	 * Once as the processor is, and once as on a lesser one: what passes on one may fail on the other. Side by side, since
	 * each keeps one core busy.
	 */
	async function trainerTests() {
		const why = whyNotLesser();
		const name = "Trainer as on a processor with AVX2 (pytest)";
		if (why !== null) console.log(`\n── ${name}\nNot run: ${why}.`);
		await Promise.all([
			suite("Trainer (pytest)", runPytest, pytestCounts),
			...(why === null ? [suite(name, (report) => runPytestBeside(report, LESSER_PROCESSOR), pytestCounts)] : []),
		]);
	}

	async function browserTests() {
		const { executable, why } = await findChromium();
		if (executable) {
			await suite("Browser (Playwright)", (report) => runPlaywright(report, executable), playwrightCounts);
			return;
		}
		const skipped = await listBrowserTests();
		console.log(`\n── Browser (Playwright)\n${skipped} browser tests are skipped: ${why}`);
		counts.push({ passed: 0, failed: 0, skipped });
	}
}

/** @param {string} name @param {(report: string) => Promise<number>} runSuite */
async function withReport(name, runSuite) {
	const report = inHome("test-reports", name.replace(/\W+/g, "-").toLowerCase());
	// A report of last time must not be taken for this one's.
	rmSync(report, { force: true });
	return { code: await runSuite(report), report };
}
