import { existsSync, readFileSync } from "node:fs";

/**
 * What failed, a text a test: where it stands, its name, and what it said in a few lines. `npm test` ends with these,
 * since what a runner printed half an hour ago is out of sight, and a log that was cut does not hold it.
 *
 * @typedef {(report: string) => string[]} ReadFailures of a runner's report; none where there is no whole report
 */

const MOST_LINES = 12;

/** @type {ReadFailures} of Vitest's JSON report */
export function vitestFailures(report) {
	return (readJson(report)?.testResults ?? []).flatMap((/** @type {any} */ file) => {
		if (file.status !== "failed") return [];
		const failed = file.assertionResults.filter((/** @type {any} */ test) => test.status === "failed");
		// A file that does not load, or whose set-up fails, has a message of its own.
		if (failed.length === 0) return [text(file.name, "", file.message)];
		return failed.map((/** @type {any} */ test) => text(file.name, test.fullName, test.failureMessages?.[0]));
	});
}

/** @type {ReadFailures} of Playwright's JSON report */
export function playwrightFailures(report) {
	/** @param {any} suite @returns {string[]} */
	const within = (suite) => [
		...(suite.specs ?? [])
			.filter((/** @type {any} */ spec) => !spec.ok)
			.map((/** @type {any} */ spec) => {
				const results = spec.tests.flatMap((/** @type {any} */ test) => test.results);
				return text(spec.file, spec.title, results.at(-1)?.error?.message);
			}),
		...(suite.suites ?? []).flatMap(within),
	];
	const whole = readJson(report);
	const errors = (whole?.errors ?? []).map((/** @type {any} */ error) => text("Playwright", "", error.message));
	return [...errors, ...(whole?.suites ?? []).flatMap(within)];
}

/** @type {ReadFailures} of pytest's JUnit XML */
export function pytestFailures(report) {
	if (!existsSync(report)) return [];
	const cases = readFileSync(report, "utf8").matchAll(/<testcase\b([^>]*[^/])>([\s\S]*?)<\/testcase>/g);
	return [...cases].flatMap(([, attributes = "", body = ""]) => {
		const said = /<(?:failure|error)\b[^>]*?\bmessage="([^"]*)"/.exec(body)?.[1];
		if (said === undefined) return [];
		/** @param {string} name */
		const attribute = (name) => unescaped(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? "");
		return [text(attribute("classname"), attribute("name"), unescaped(said))];
	});
}

/** @param {string} where @param {string} name @param {string | undefined} message */
function text(where, name, message) {
	// Colours of a terminal say nothing in a file.
	// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they begin with.
	const plain = (message ?? "").replace(/\u001b\[[0-9;]*m/g, "");
	const lines = plain.split("\n").filter((line) => line.trim() !== "");
	const shown = lines.slice(0, MOST_LINES).map((line) => `    ${line.trimEnd()}`);
	return [name === "" ? where : `${where} › ${name}`, ...shown].join("\n");
}

/** @param {string} xml */
function unescaped(xml) {
	/** @type {Record<string, string>} */
	const marks = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&", "#10": "\n", "#9": "\t" };
	return xml.replace(/&(lt|gt|quot|apos|amp|#10|#9);/g, (whole, name) => marks[name] ?? whole);
}

/** @param {string} file */
function readJson(file) {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch {
		return null;
	}
}
