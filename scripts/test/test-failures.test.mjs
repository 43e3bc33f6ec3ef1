import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { playwrightFailures, pytestFailures, vitestFailures } from "../lib/test-failures.mjs";

/** @type {string} */
let folder;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "atelier-failures-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** @param {string | object} content */
function report(content) {
	const file = join(folder, "report");
	writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
	return file;
}

it("a test of Vitest is named with its file and what it said, without colours", () => {
	const failed = {
		status: "failed",
		fullName: "a slot is filled",
		failureMessages: ["\u001b[31mlate\u001b[39m\n\n  at x"],
	};
	const json = {
		testResults: [
			{ status: "passed", name: "a.test.ts", assertionResults: [{ status: "passed" }] },
			{ status: "failed", name: "b.test.ts", assertionResults: [{ status: "passed" }, failed] },
			{ status: "failed", name: "c.test.ts", message: "cannot load", assertionResults: [] },
		],
	};
	expect(vitestFailures(report(json))).toEqual([
		"b.test.ts › a slot is filled\n    late\n      at x",
		"c.test.ts\n    cannot load",
	]);
});

it("a browser test is found however deep its suite is", () => {
	const spec = { file: "main.spec.ts", title: "signs in", ok: false };
	const tests = [{ results: [{ error: { message: "first" } }, { error: { message: "second" } }] }];
	const json = { suites: [{ specs: [{ ok: true }], suites: [{ specs: [{ ...spec, tests }] }] }] };
	expect(playwrightFailures(report(json))).toEqual(["main.spec.ts › signs in\n    second"]);
});

it("failures and errors of pytest are named, what passed is not", () => {
	const xml = `<testsuites><testsuite>
<testcase classname="tests.test_a" name="test_fine" time="0.1" />
<testcase classname="tests.test_a" name="test_skipped" time="0.1"><skipped message="no GPU" /></testcase>
<testcase classname="tests.test_a" name="test_x[1 &lt; 2]" time="0.1"><failure message="assert 1 == 2&#10; + where">E</failure></testcase>
<testcase classname="tests.test_b" name="test_y" time="0.1"><error message="failed on setup">E</error></testcase>
</testsuite></testsuites>`;
	expect(pytestFailures(report(xml))).toEqual([
		"tests.test_a › test_x[1 < 2]\n    assert 1 == 2\n     + where",
		"tests.test_b › test_y\n    failed on setup",
	]);
});

it("without a whole report there is nothing to name", () => {
	expect(vitestFailures(join(folder, "none"))).toEqual([]);
	expect(pytestFailures(join(folder, "none"))).toEqual([]);
	expect(playwrightFailures(report('{"suites":'))).toEqual([]);
});
