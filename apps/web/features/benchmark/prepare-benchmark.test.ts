import { METRIC_NAMES } from "@atelier/core";
import { describe, expect, it } from "vitest";
import { prepareBars } from "~/features/charts/prepare-bars";
import { describeLead, type TestedPair } from "~/features/charts/prepare-lead";
import { prepareTicks } from "~/features/charts/ticks";
import { type BenchmarkView, benchmarkViewCodec } from "./benchmark-view";
import {
	type BenchmarkDataset,
	type Comparison,
	describeAgainst,
	figureOf,
	nameCell,
	pairedLines,
	UNDER_FIGURES,
	underFigure,
} from "./prepare-benchmark";

const metric = (value: number, half: number) => ({ value, low: value - half, high: value + half, deviation: null });
const cell = (method: "core" | "sasrec" | "ours", value: number | null, half = 0.01) => ({
	method,
	runs: [],
	users: 100,
	warnings: [],
	underWay: null,
	metrics: { "recall@10": value === null ? null : metric(value, half), "ndcg@10": null, "mrr@10": null },
	paper: method === "core" ? { "recall@10": 0.2612, "ndcg@10": 0.1404, "mrr@10": 0.1027 } : null,
});
const dataset = (cells: ReturnType<typeof cell>[]): BenchmarkDataset => ({
	name: "sample-luggage-bags",
	group: "sample",
	synthetic: true,
	queriesDerived: false,
	paperDataset: "luggage-bags",
	protocol: null,
	cells,
});

describe("figureOf", () => {
	it("gives equal values the same place and leaves the unmeasured out", () => {
		const one = dataset([cell("sasrec", 0.1), cell("core", 0.2), cell("ours", 0.2)]);
		expect([figureOf(one, "core", "recall@10")?.place, figureOf(one, "sasrec", "recall@10")?.place]).toEqual([1, 3]);
		expect(figureOf(one, "core", "ndcg@10")).toBeNull();
		expect(figureOf(one, "sasrec", "recall@10")?.max).toBeCloseTo(0.21);
	});
	it("is read out with its number, its place and what is warned of", () => {
		const figure = figureOf(dataset([cell("core", 0.25), cell("ours", 0.2)]), "core", "recall@10");
		if (figure === null) throw new Error("CORE was measured");
		const warnings = [{ code: "small", message: "Catalogue of 7 items" }];
		expect(nameCell({ method: "core", dataset: "hm", metric: "Recall@10", figure, warnings })).toBe(
			"CORE on hm, Recall@10 0.250, the best of its column, 95 % interval 0.240 to 0.260, Catalogue of 7 items",
		);
	});
	it("has under it what was chosen, and nothing where that is not known", () => {
		const figure = figureOf(dataset([cell("core", 0.25)]), "core", "recall@10");
		if (figure === null) throw new Error("CORE was measured");
		const lines = UNDER_FIGURES.map((under) => underFigure(figure, 0.2612, under));
		expect(lines).toEqual(["paper 0.261", "−0.011", "0.240–0.260", null, null]);
		expect(underFigure(figure, undefined, "difference")).toBeNull();
		expect(underFigure({ ...figure, deviation: 0.004 }, undefined, "spread")).toBe("± 0.004");
	});
});

describe("the chart", () => {
	const points = (half: number) =>
		prepareBars([cell("ours", 0.25, half), cell("core", 0.2, half), cell("sasrec", null)], "recall@10");
	it("draws what was measured in table order, with the paper's figure where there is one", () => {
		expect(points(0.01).map(({ method, paper }) => [method, paper])).toEqual([
			["core", 0.2612],
			["ours", undefined],
		]);
	});
});

describe("the sentence under a chart", () => {
	const points = prepareBars([cell("ours", 0.25, 0.03), cell("core", 0.2, 0.03), cell("sasrec", 0.1)], "recall@10");
	const against = (other: string, value: number, adjustedP: number): TestedPair => ({
		method: "ours",
		other,
		metrics: {
			"recall@10": {
				value,
				low: value - 0.04,
				high: value + 0.04,
				p: adjustedP / 3,
				adjustedP,
				wins: 9,
				ties: 80,
				losses: 4,
			},
		},
	});
	it("is settled by the paired, corrected test even where the methods' own intervals overlap", () => {
		expect(describeLead(points, "recall@10", [against("core", 0.05, 0.013), against("sasrec", 0.15, 0.001)])).toBe(
			"Ours is 0.050 Recall@10 above CORE (95 % interval of the difference +0.010 to +0.090, p 0.013 after Holm's correction, paired over shoppers).",
		);
	});
	it("is left open by that test, not by intervals of single methods", () => {
		expect(describeLead(points, "recall@10", [against("core", 0.05, 0.21)])).toMatch(
			/^Ours is 0\.050 Recall@10 above CORE, which the test leaves open \(.*p 0\.21/,
		);
	});
	it("says how far ours is below who leads", () => {
		const behind = prepareBars([cell("ours", 0.1), cell("core", 0.2)], "recall@10");
		expect(describeLead(behind, "recall@10", [against("core", -0.1, 0.001)])).toMatch(
			/^Ours is 0\.100 Recall@10 below CORE \(/,
		);
	});
	it("is left out where nothing was tested", () => {
		expect(describeLead(points, "recall@10", [])).toBe("");
		expect(describeLead(points, "ndcg@10", [against("core", 0.05, 0.001)])).toBe("");
		const without = prepareBars([cell("sasrec", 0.1), cell("core", 0.2)], "recall@10");
		expect(describeLead(without, "recall@10", [against("core", 0.05, 0.001)])).toBe("");
	});
});

describe("paired tests", () => {
	const test = { value: 0.05, low: 0.02, high: 0.08, p: 0.001, adjustedP: 0.004, wins: 9, ties: 80, losses: 4 };
	const metrics = Object.fromEntries(METRIC_NAMES.map((name) => [name, test]));
	const comparisons: Comparison[] = [
		{ dataset: "hm", method: "ours", other: "core", users: 93, metrics },
		{ dataset: "jd", method: "ours", other: "core", users: 93, metrics },
	];
	it("are told from the side of the row that is open", () => {
		expect(pairedLines(comparisons, "hm", "ours", "recall@10")).toMatchObject([
			{ other: "core", value: 0.05, wins: 9 },
		]);
		expect(pairedLines(comparisons, "hm", "core", "recall@10")).toMatchObject([
			{ other: "ours", value: -0.05, low: -0.08, high: -0.02, wins: 4, losses: 9 },
		]);
		expect(pairedLines(comparisons, "hm", "sasrec", "recall@10")).toEqual([]);
	});
	it("say on a cell's hover how it stands to ours", () => {
		expect(describeAgainst(pairedLines(comparisons, "hm", "core", "recall@10"), "ours")).toBe(
			"against Ours −0.050, p 0.004",
		);
	});
});

it("a view is a link: what is serialised is parsed back", () => {
	const view: BenchmarkView = {
		...{ dataset: ["sample", "hm"], metric: "ndcg@10", under: "spread", cell: "hm/core" },
		...{ k: 20, slice: "cold and history >= 5", reference: "core" },
	};
	expect(benchmarkViewCodec.parse(benchmarkViewCodec.serialise(view))).toEqual(view);
	expect(benchmarkViewCodec.serialise(benchmarkViewCodec.parse(new URLSearchParams())).toString()).toBe("");
});

it("ticks are round and reach the largest value, whatever its size", () => {
	expect(prepareTicks(0.34)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
	expect(prepareTicks(0.25)).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25]);
	expect(prepareTicks(0.0004)).toEqual([0, 0.0001, 0.0002, 0.0003, 0.0004]);
	expect(prepareTicks(345)).toEqual([0, 100, 200, 300, 400]);
	expect(prepareTicks(0)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
});
