import { describe, expect, it } from "vitest";
import { benchmarkViewCodec } from "./benchmark-view";
import { type BenchmarkDataset, describeLead, figureOf, prepareChart, prepareTicks } from "./prepare-benchmark";

const metric = (value: number, half: number) => ({ value, low: value - half, high: value + half, deviation: null });
const cell = (method: "core" | "sasrec" | "ours", value: number | null, half = 0.01) => ({
	method,
	runs: [],
	users: 100,
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
});

describe("the chart", () => {
	const points = (half: number) =>
		prepareChart(dataset([cell("core", 0.2, half), cell("ours", 0.25, half), cell("sasrec", null)]), "recall@10", [
			"sasrec",
			"core",
			"ours",
		]);
	it("draws what was measured, with the paper's figure where there is one", () => {
		expect(points(0.01).map(({ method, paper }) => [method, paper])).toEqual([
			["core", 0.2612],
			["ours", undefined],
		]);
	});
	it("says that an order is not settled while the intervals overlap", () => {
		expect(describeLead(points(0.03), "recall@10")).toMatch(
			/Ours leads CORE by 0\.050 Recall@10; .*overlap, so the order/,
		);
		expect(describeLead(points(0.01), "recall@10")).toMatch(/do not overlap/);
	});
});

it("a view is a link: what is serialised is parsed back", () => {
	const view = { dataset: ["sample", "hm"], metric: "ndcg@10" as const, cell: "hm/core" };
	expect(benchmarkViewCodec.parse(benchmarkViewCodec.serialise(view))).toEqual(view);
	expect(benchmarkViewCodec.serialise({ dataset: [], metric: "recall@10", cell: "" }).toString()).toBe("");
});

it("ticks are round and reach past the largest value", () => {
	expect(prepareTicks(0.34)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
	expect(prepareTicks(0.25)).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25]);
	expect(prepareTicks(0)).toHaveLength(2);
});
