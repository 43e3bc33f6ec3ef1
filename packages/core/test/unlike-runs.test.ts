import { describe, expect, it } from "vitest";
import { type ComparedFacts, configDifferences, unlikeRuns } from "../src";

const run: ComparedFacts = {
	dataset: "shop",
	setting: "full",
	status: "succeeded",
	seed: 1,
	preset: "small",
	protocol: { split: "leave-one-out", target: "purchase", trainRatio: 1, k: 10, maskSeen: false },
	users: 240,
	split: "s",
	memory: null,
};
const whatOf = (...runs: ComparedFacts[]) =>
	unlikeRuns(runs).map(({ what, isRefused }) => `${what}${isRefused ? "!" : ""}`);
const under = (change: Partial<NonNullable<ComparedFacts["protocol"]>>): ComparedFacts => ({
	...run,
	protocol: { split: "leave-one-out", target: "purchase", trainRatio: 1, k: 10, maskSeen: false, ...change },
});

describe("runs that are compared", () => {
	it("differ in nothing but their methods without a word", () => {
		expect(unlikeRuns([run, run, run])).toEqual([]);
	});

	it.each([
		["data set", { ...run, dataset: "other" }],
		["target", under({ target: "click" })],
		["split", under({ split: "by-time" })],
		["cutoff", under({ k: 5 })],
		["ranked items", under({ maskSeen: true })],
		["training data", under({ trainRatio: 0.5 })],
		["test shoppers", { ...run, setting: "cold-start" }],
		["number of test shoppers", { ...run, users: 239 }],
		["status", { ...run, status: "running" }],
	])("are refused where the %s differs", (what, other) => {
		expect(whatOf(run, other)).toContain(`${what}!`);
	});

	it("are compared with a word where only seeds, presets, candidates or the stage of the split differ", () => {
		const other = { ...run, seed: 2, preset: "paper", split: "t", memory: "m" };
		expect(whatOf(run, other)).toEqual(["split", "seeds", "presets"]);
		expect(whatOf({ ...run, memory: "n" }, { ...run, memory: "m" }, run)).toEqual(["candidates of the prompts"]);
		expect(unlikeRuns([run, other, run]).find(({ what }) => what === "seeds")?.words).toBe("A, C: seed 1; B: seed 2.");
	});
});

it("configurations differ at the paths where not all agree, one without a value among them", () => {
	expect(
		configDifferences([{ a: { b: 1, c: [1] }, d: null }, { a: { b: 2, c: [1] }, d: null }, { a: { b: 1, c: [1] } }]),
	).toEqual([
		{ path: "a.b", values: [1, 2, 1] },
		{ path: "d", values: [null, null, undefined] },
	]);
});
