import { existsSync, readFileSync } from "node:fs";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @param {string} report Vitest's JSON report @returns {Counts | null} */
export function vitestCounts(report) {
	const result = readJson(report);
	if (!result) return null;
	// A file that does not load holds no tests and is a failure all the same.
	const broken = result.testResults.filter(
		(/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
			file.status === "failed" && file.assertionResults.length === 0,
	);
	return {
		passed: result.numPassedTests,
		failed: result.numFailedTests + broken.length,
		skipped: result.numPendingTests + (result.numTodoTests ?? 0),
	};
}

/** @param {string} report Playwright's JSON report @returns {Counts | null} */
export function playwrightCounts(report) {
	const stats = readJson(report)?.stats;
	if (!stats) return null;
	return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

/** @param {string} report pytest's JUnit XML @returns {Counts | null} */
export function pytestCounts(report) {
	if (!existsSync(report)) return null;
	const suite = /<testsuite\b[^>]*>/.exec(readFileSync(report, "utf8"))?.[0] ?? "";
	/** @param {string} name */
	const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
	const failed = count("failures") + count("errors");
	return { passed: count("tests") - failed - count("skipped"), failed, skipped: count("skipped") };
}

/** @param {Counts[]} all @returns {Counts} */
export function addUp(all) {
	return {
		passed: all.reduce((sum, { passed }) => sum + passed, 0),
		failed: all.reduce((sum, { failed }) => sum + failed, 0),
		skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
	};
}

/** @param {string} file */
function readJson(file) {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch {
		return null;
	}
}
