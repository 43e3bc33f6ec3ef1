import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../lib/paths.mjs";

const rows = readFileSync(join(root, "docs", "what-holds.md"), "utf8")
	.split("\n")
	.flatMap((line) => {
		const [, file, name] = /\| `([^`]+)` › (.+) \|$/.exec(line) ?? [];
		return file === undefined || name === undefined ? [] : [{ file, name: name.replaceAll("\\|", "|") }];
	});

describe("the document of what holds", () => {
	it("names a test for every numbered item", () => {
		const text = readFileSync(join(root, "docs", "what-holds.md"), "utf8");
		const missing = Array.from({ length: 17 }, (_, item) => item).filter((item) => !text.includes(`| **${item}. `));
		expect(missing).toEqual([]);
	});

	it("names tests that are there", () => {
		expect(rows.length).toBeGreaterThan(50);
		/** @param {{ file: string, name: string }} row */
		const isThere = ({ file, name }) =>
			existsSync(join(root, file)) && readFileSync(join(root, file), "utf8").includes(name);
		expect(rows.filter((row) => !isThere(row))).toEqual([]);
	});
});
