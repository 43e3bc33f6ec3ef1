import { readFileSync } from "node:fs";
import { expect, it, test } from "vitest";
import { parse } from "yaml";
import { baselineModels, CLAIMS, METHODS, type MethodRecord, PAPER_TABLE_2, preset } from "../src";

const records: readonly MethodRecord[] = METHODS;

test("every baseline model of the contracts is ranked by a method, and has its settings in every preset", () => {
	const ranked = records.flatMap(({ ranks }) => (ranks.by === "baseline" ? [ranks.model] : []));
	expect(new Set(ranked)).toEqual(new Set(Object.keys(baselineModels)));
	for (const name of ["miniature", "small", "paper"]) {
		const file = new URL(`../../../suites/presets/${name}.yaml`, import.meta.url);
		const { baselines } = preset.parse(parse(readFileSync(file, "utf8")));
		expect(new Set(Object.keys(baselines))).toEqual(new Set(ranked));
	}
});

test("a model's literal is its name among the models", () => {
	for (const [name, model] of Object.entries(baselineModels)) expect(model.shape.model.value).toBe(name);
});

it.each(records)("$id looks like no other", ({ id, colour, marker }) => {
	const others = records.filter((record) => record.id !== id);
	expect(others.map((other) => other.marker)).not.toContain(marker);
	expect(others.map((other) => other.colour.light)).not.toContain(colour.light);
	expect(others.map((other) => other.colour.dark)).not.toContain(colour.dark);
});

test("the paper's claims are of the methods of its Table 2", () => {
	const inPaper = new Set(records.filter((record) => record.inPaper).map(({ id }) => id));
	expect(new Set(Object.keys(PAPER_TABLE_2))).toEqual(inPaper);
	const claimed = CLAIMS.flatMap(({ tests }) => tests.flatMap(({ plus, minus }) => [...plus, ...minus]));
	expect(new Set(claimed.map(({ method }) => method))).toEqual(inPaper);
});
