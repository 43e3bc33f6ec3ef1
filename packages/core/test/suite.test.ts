import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { gridPointName, gridPoints, type Suite, settingName, suite, suiteNames, suiteRuns, variantName } from "../src";

const folder = new URL("../../../suites/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
const read = (name: string): Suite => suite.parse(parse(readFileSync(new URL(`${name}.yaml`, folder), "utf8")));
const categories = ["luggage-bags", "footwear", "accessories-jewelry", "clothing"].map((id) => ({
	name: `shop-${id}`,
}));
const inWords = ({ runs }: ReturnType<typeof suiteRuns<{ name: string }>>) =>
	runs.map(({ dataset, method, variant, setting }) =>
		[dataset.name, method, variantName(variant), settingName(setting)].join(" "),
	);

describe("suite files", () => {
	it.each(files)("%s can be read and has runs on the sample's categories", (file) => {
		expect(suiteRuns(suite.parse(parse(readFileSync(new URL(file, folder), "utf8"))), {}, categories).runs).not.toEqual(
			[],
		);
	});

	it("paper holds every run of the tables and figures, each once", () => {
		const all = inWords(suiteRuns(read("paper"), {}, categories));
		expect(new Set(all).size).toBe(all.length);
		expect(all).toEqual(expect.arrayContaining(inWords(suiteRuns(read("table2"), {}, categories))));
		expect(all).toEqual(expect.arrayContaining(inWords(suiteRuns(read("figure4"), {}, categories))));
		const luggage = categories.slice(0, 1);
		expect(all).toEqual(expect.arrayContaining(inWords(suiteRuns(read("table3"), {}, luggage))));
		expect(all).toEqual(expect.arrayContaining(inWords(suiteRuns(read("figure6"), {}, luggage))));
		expect(all).toEqual(expect.arrayContaining(inWords(suiteRuns(read("figure5"), {}, categories))));
	});
});

describe("suiteRuns", () => {
	it("pairs the categories for zero-shot as the paper does", () => {
		const { runs } = suiteRuns(read("figure5"), { methods: ["ours"] }, categories);
		expect(runs.map(({ dataset, source }) => [dataset.name, source?.name])).toEqual([
			["shop-luggage-bags", "shop-footwear"],
			["shop-footwear", "shop-luggage-bags"],
			["shop-accessories-jewelry", "shop-footwear"],
			["shop-clothing", "shop-footwear"],
		]);
	});

	it("finds a source that is not launched itself, and says so where there is none", () => {
		const clothing = categories.slice(3);
		expect(suiteRuns(read("figure5"), {}, clothing, categories).runs).toHaveLength(3);
		expect(() => suiteRuns(read("figure5"), {}, clothing)).toThrow(
			/shop-clothing is tested zero-shot from shop-footwear/,
		);
		const { runs, skipped } = suiteRuns(read("paper"), {}, clothing);
		expect(runs.length).toBeGreaterThan(12);
		expect(skipped).toHaveLength(1);
	});

	it("takes a choice in place of a single part's, and as a choice among several parts'", () => {
		const luggage = categories.slice(0, 1);
		const single = suiteRuns(read("table3"), { variants: ["no-attributes+no-id-embedding"] }, luggage);
		expect(inWords(single)).toEqual(["shop-luggage-bags ours no-attributes+no-id-embedding full"]);
		const several = inWords(suiteRuns(read("paper"), { methods: ["core"] }, luggage));
		expect(several).toEqual(expect.arrayContaining(["shop-luggage-bags core full full"]));
		expect(several.every((run) => run.includes(" core full "))).toBe(true);
		expect(() => suiteRuns(read("baselines"), { methods: [] }, luggage)).toThrow(/Nothing of this suite/);
	});

	it("restricts a part to its categories, and on other logs runs it everywhere", () => {
		const ablated = (datasets: { name: string }[]) =>
			new Set(suiteRuns(read("paper"), { variants: ["no-memory"] }, datasets).runs.map(({ dataset }) => dataset.name));
		expect(ablated(categories)).toEqual(new Set(["shop-luggage-bags"]));
		expect(ablated([{ name: "hm" }])).toEqual(new Set(["hm"]));
	});

	it("names what a suite uses", () => {
		expect(suiteNames(read("figure6")).settings).toContain("low-resource(0.25)");
	});
});

describe("gridPoints", () => {
	it("combines every value with every other, and is one plain run without a grid", () => {
		const points = gridPoints({ "baselines.sasrec.dropout": [0.2, 0.5], "baselines.sasrec.loss": ["ce", "bce"] });
		expect(points.map(gridPointName)).toEqual([
			"baselines.sasrec.dropout=0.2, baselines.sasrec.loss=ce",
			"baselines.sasrec.dropout=0.2, baselines.sasrec.loss=bce",
			"baselines.sasrec.dropout=0.5, baselines.sasrec.loss=ce",
			"baselines.sasrec.dropout=0.5, baselines.sasrec.loss=bce",
		]);
		expect(gridPoints(undefined)).toEqual([{}]);
	});
});
