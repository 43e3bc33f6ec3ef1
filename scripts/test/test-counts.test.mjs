import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addUp, playwrightCounts, pytestCounts, vitestCounts } from "../lib/test-counts.mjs";

/** @type {string} */
let folder;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "atelier-counts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** @param {string} text */
function report(text) {
	const file = join(folder, "report");
	writeFileSync(file, text);
	return file;
}

it("pytest's errors count as failures", () => {
	const xml = `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.0"></testsuite></testsuites>`;
	expect(pytestCounts(report(xml))).toEqual({ passed: 4, failed: 3, skipped: 3 });
});

it("a test file that does not load counts as a failure", () => {
	const json = {
		numPassedTests: 5,
		numFailedTests: 1,
		numPendingTests: 2,
		numTodoTests: 0,
		testResults: [
			{ status: "failed", assertionResults: [] },
			{ status: "failed", assertionResults: [{}] },
			{ status: "passed", assertionResults: [{}] },
		],
	};
	expect(vitestCounts(report(JSON.stringify(json)))).toEqual({ passed: 5, failed: 2, skipped: 2 });
});

it("a browser test that passed at the second try counts as passed", () => {
	const json = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 } };
	expect(playwrightCounts(report(JSON.stringify(json)))).toEqual({ passed: 4, failed: 1, skipped: 2 });
});

it("a runner that left no report, or half of one, is not counted as passed", () => {
	expect(vitestCounts(join(folder, "none"))).toBeNull();
	expect(pytestCounts(join(folder, "none"))).toBeNull();
	expect(playwrightCounts(report('{"stats":'))).toBeNull();
});

it("counts of all runners add up", () => {
	const all = [
		{ passed: 1, failed: 2, skipped: 3 },
		{ passed: 10, failed: 20, skipped: 30 },
	];
	expect(addUp(all)).toEqual({ passed: 11, failed: 22, skipped: 33 });
});
