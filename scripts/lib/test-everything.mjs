import { rmSync } from "node:fs";
import { checkDisk, checkWritable } from "./checks.mjs";
import { findChromium } from "./chromium.mjs";
import { sentenceFor } from "./failure.mjs";
import { ensureJavaScriptPackages, ensurePrismaClient } from "./javascript-packages.mjs";
import { LESSER_PROCESSOR, whyNotLesser } from "./lesser-processor.mjs";
import { installObjectStore } from "./object-store.mjs";
import { inHome } from "./paths.mjs";
import { installRay } from "./ray-environment.mjs";
import { noteOf, step } from "./steps.mjs";
import { addUp, playwrightCounts, pytestCounts, vitestCounts } from "./test-counts.mjs";
import { playwrightFailures, pytestFailures, vitestFailures } from "./test-failures.mjs";
import { listBrowserTests, runKills, runPlaywright, runPytest, runPytestBeside, runVitest } from "./test-runners.mjs";
import { startTestPostgres } from "./test-server.mjs";
import { installTrainerForTests } from "./trainer.mjs";

/** @typedef {import("./test-counts.mjs").Counts} Counts */

/**
 * How a runner's report is read.
 * @typedef {object} Reader
 * @property {(report: string) => Counts | null} counts null when the runner left no report
 * @property {import("./test-failures.mjs").ReadFailures} failures
 */

/** @type {Record<"vitest" | "pytest" | "playwright", Reader>} */
const READERS = {
	vitest: { counts: vitestCounts, failures: vitestFailures },
	pytest: { counts: pytestCounts, failures: pytestFailures },
	playwright: { counts: playwrightCounts, failures: playwrightFailures },
};

const MOST_FAILURES = 30;

/**
 * `npm test`: installs what the tests need, runs all of them, and ends with one line of counts. Exits with 1 when a test
 * failed or a runner could not do its work.
 */
export async function testEverything() {
	/** @type {Counts[]} */
	const counts = [];
	/** @type {string[]} */
	const troubles = [];
	/** @type {string[]} */
	const failures = [];
	try {
		checkWritable();
		checkDisk();
		await step("Installing JavaScript packages", () => noteOf(ensureJavaScriptPackages()));
		await step("Generating the database client", () => noteOf(ensurePrismaClient()));
		// Where Ray or the object store cannot be had, what needs it is skipped and says so; the rest goes on.
		const trainerTrouble = await step("Installing trainer, Ray, object store", async () => {
			const [trainer, ...others] = await Promise.all([installTrainerForTests(), installRay(), installObjectStore()]);
			const missing = others.flatMap((why) => (why === null ? [] : [why.split("\n")[0]]));
			const notes = [...(trainer ? ["failed"] : []), ...(missing.length > 0 ? [`without: ${missing.join("; ")}`] : [])];
			return { result: trainer, note: notes.join(", ") || "done" };
		});
		const server = await step("Starting a Postgres for the tests", async () => ({ result: await startTestPostgres() }));
		try {
			await suite("TypeScript (vitest)", runVitest, READERS.vitest);
			if (trainerTrouble) troubles.push(`The trainer's tests did not run: ${trainerTrouble}`);
			else await suite("Trainer (pytest)", runPytest, READERS.pytest);
			await Promise.all([browserTests(), ...(trainerTrouble ? [] : [lesserProcessorTests()])]);
			if (!trainerTrouble) await suite("Kills (vitest)", runKills, READERS.vitest);
		} finally {
			await server.stop();
		}
	} catch (error) {
		troubles.push(sentenceFor(error));
	}

	if (failures.length > 0) console.error(`\n── What failed\n${failures.slice(0, MOST_FAILURES).join("\n")}`);
	if (failures.length > MOST_FAILURES) console.error(`… and ${failures.length - MOST_FAILURES} more, named above`);
	for (const trouble of troubles) console.error(`\n${trouble}`);
	const { passed, failed, skipped } = addUp(counts);
	console.log(`\ntests: ${passed} passed, ${failed} failed, ${skipped} skipped`);
	process.exit(failed > 0 || troubles.length > 0 ? 1 : 0);

	/**
	 * @param {string} name
	 * @param {(report: string) => Promise<number>} runSuite returns the runner's exit code
	 * @param {Reader} read
	 */
	async function suite(name, runSuite, read) {
		console.log(`\n── ${name}`);
		const { code, report } = await withReport(name, runSuite);
		const result = read.counts(report);
		if (result) counts.push(result);
		failures.push(...read.failures(report).map((failure) => `${name}: ${failure}`));
		// A runner that fails without a failed test crashed, or found no tests: silence would pass for success.
		if (!result || (code !== 0 && result.failed === 0)) troubles.push(`${name} ended with ${code} on its own account.`);
		else if (result.passed + result.failed + result.skipped === 0) troubles.push(`${name} found no tests.`);
	}

	/**
	 * The trainer's tests once more, as on a lesser processor: what passes on one may fail on the other. One process beside
	 * the browser's tests, which wait a good part of their time.
	 */
	async function lesserProcessorTests() {
		const isShort = process.env.ATELIER_SHORT_SUITES === "1";
		const why = isShort ? "the short form leaves it to npm test" : whyNotLesser();
		const name = "Trainer as on a processor with AVX2 (pytest)";
		if (why !== null) console.log(`\n── ${name}\nNot run: ${why}.`);
		else await suite(name, (report) => runPytestBeside(report, LESSER_PROCESSOR), READERS.pytest);
	}

	async function browserTests() {
		const { executable, why } = await findChromium();
		if (executable) {
			await suite("Browser (Playwright)", (report) => runPlaywright(report, executable), READERS.playwright);
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
