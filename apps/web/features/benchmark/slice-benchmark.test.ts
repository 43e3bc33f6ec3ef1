import { byMetric } from "@atelier/core";
import { describe, expect, it } from "vitest";
import type { Sliced } from "~/features/slices/slice-types";
import type { Benchmark, BenchmarkCell } from "./prepare-benchmark";
import { metricTitleAt, type SlicedAnswers, slicedBenchmark, slicedGrid } from "./slice-benchmark";

const protocol = { split: "leave-one-out", target: "purchase", trainRatio: 1, k: 10, maskSeen: false } as const;
const stored = (method: string): BenchmarkCell => ({
	...{ method, runs: [{ id: `${method}-1`, seed: 1, preset: "small" }], users: 100, warnings: [], underWay: null },
	metrics: byMetric(() => ({ value: 0.5, low: 0.4, high: 0.6, deviation: 0.02 })),
	paper: { "recall@10": 0.3, "ndcg@10": 0.2, "mrr@10": 0.1 },
});
const benchmark: Benchmark = {
	...{ madeUnlike: null, computing: null, comparisons: null },
	datasets: [
		{
			...{ name: "shop", group: null, synthetic: false, queriesDerived: false, paperDataset: null, protocol },
			cells: [stored("core"), stored("ours")],
		},
	],
};
const figure = (value: number, k: number, difference: number | null) =>
	Object.fromEntries(
		["recall", "ndcg", "mrr"].map((name) => [
			`${name}@${k}`,
			{
				...{ value, low: value - 0.01, high: value + 0.01 },
				difference:
					difference === null
						? null
						: {
								...{ value: difference, low: difference - 0.01, high: difference + 0.01 },
								...{ p: 0.0001, adjustedP: 0.0004, wins: 9, ties: 20, losses: 1 },
							},
			},
		]),
	);

function answered(k: number, slice: string): SlicedAnswers {
	const sliced: Sliced = {
		dataset: { name: "shop", group: null, synthetic: false, queriesDerived: false, paperDataset: null },
		...{ setting: "full", variant: "full", preset: "small", protocol, k, slice, by: null, reference: "core" },
		...{ metrics: [], candidatesOf: null, methods: [], leftOut: [], computing: null },
		...{ users: 30, of: 100, depth: 100, tests: 3, left: 0 },
		groups: [
			{
				...{ label: null, slice, users: 30, isSmall: false, place: 0, largest: 0.1 },
				cells: [
					{ method: "core", metrics: figure(0.2, k, null) },
					{ method: "ours", metrics: figure(0.3, k, 0.1) },
				],
			},
		],
	};
	return new Map([["shop", { sliced, error: null }]]);
}

describe("the table over a slice", () => {
	const answers = answered(20, "cold");
	const over = slicedBenchmark(benchmark, answers);

	it("has the slice's figures and its K, and neither the paper's nor a deviation that are of other shoppers", () => {
		const [core] = over.datasets[0]?.cells ?? [];
		expect(core).toMatchObject({ users: 30, paper: null, metrics: { "recall@10": { value: 0.2, deviation: null } } });
		expect(over.datasets[0]?.protocol?.k).toBe(20);
		expect(metricTitleAt("recall@10", 20)).toBe("Recall@20");
	});

	it("keeps both where only the reference was chosen", () => {
		const [core] = slicedBenchmark(benchmark, answered(10, "")).datasets[0]?.cells ?? [];
		expect(core?.metrics["recall@10"]?.deviation).toBe(0.02);
		expect(core?.paper?.["recall@10"]).toBe(0.3);
	});

	it("is tested against the reference, with the difference from the row's side", () => {
		expect(over.comparisons).toMatchObject([{ method: "ours", other: "core", metrics: { "ndcg@10": { value: 0.1 } } }]);
	});

	it("shows nothing in place of figures that are not there yet", () => {
		const waiting = slicedBenchmark(benchmark, new Map([["shop", { sliced: undefined, error: null }]]));
		expect(waiting.datasets[0]?.cells.every(({ metrics }) => metrics["recall@10"] === null)).toBe(true);
	});

	it("is exported with its K, slice and reference, best in bold and marked where it differs", () => {
		const grid = slicedGrid(over, answers, true);
		expect(grid.caption).toMatch(/of the slice: cold \(30 of 100\).*K = 20/);
		expect(grid.columns).toEqual(["Method", "Recall@20", "NDCG@20", "MRR@20"]);
		expect(grid.groups).toEqual([{ title: "shop", span: 3 }]);
		expect(grid.rows[1]?.[1]).toEqual({ text: "0.300", bold: true, underline: false, mark: "***" });
		expect(grid.notes.join(" ")).toMatch(/difference to CORE/);
		expect(slicedGrid(over, answers, false).columns[1]).toBe("shop Recall@20");
	});
});
