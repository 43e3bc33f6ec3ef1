import { describe, expect, it } from "vitest";
import type { ComparedRun, Comparison, Tests } from "./compare-types";
import { type CompareView, compareHref, compareViewCodec } from "./compare-view";
import { compareGrid, configGrid, prepareRows } from "./prepare-compare";
import { describeHeatMap, prepareHeatMap, shortCount } from "./prepare-heat-map";

const run = (id: string, method: string, ndcg: number): ComparedRun => ({
	...{ id, method, dataset: "shop", synthetic: true, queriesDerived: false, variant: "full", setting: "full", seed: 1 },
	...{ preset: "small", status: "succeeded", createdAt: new Date(0), warnings: [], users: 100 },
	protocol: { split: "leave-one-out", target: "purchase", trainRatio: 1, k: 10, maskSeen: false },
	metrics: { "ndcg@10": { value: ndcg, low: ndcg - 0.01, high: ndcg + 0.01 } },
});
const comparison: Comparison = {
	runs: [run("a", "core", 0.1), run("b", "ours", 0.15)],
	unlike: [],
	madeUnlike: null,
	config: [{ path: "fineTune.epochs", values: [undefined, 2] }],
};
/** As the API has it: the first run minus the other. */
const firstMinusOther = {
	value: -0.05,
	low: -0.08,
	high: -0.02,
	p: 0.001,
	adjustedP: 0.003,
	wins: 5,
	ties: 80,
	losses: 15,
};
const label = {
	...{ id: "", dataset: "shop", method: "", variant: "full", setting: "full", seed: 1, preset: "small" },
	metrics: {},
};
const tests: Tests = {
	...{ dataset: "shop", madeUnlike: null, computing: null, users: 100, tests: 3, run: label },
	protocol: { split: "leave-one-out", target: "purchase", trainRatio: 1, k: 10, maskSeen: false },
	others: [{ run: label, config: [], metrics: { "ndcg@10": firstMinusOther } }],
};

describe("the table of compared runs", () => {
	it("says how each run stands to the reference: the row minus A, and the row's own wins", () => {
		const [reference, other] = prepareRows(comparison, tests, "ndcg");
		expect(reference?.difference).toBeNull();
		expect(other?.difference).toMatchObject({ value: 0.05, low: 0.02, high: 0.08, wins: 15, losses: 5 });
		expect([reference?.values.ndcg?.place, other?.values.ndcg?.place]).toEqual([2, 1]);
	});

	it("is exported as the screen shows it, with its reference, protocol and marks", () => {
		const grid = compareGrid(comparison, prepareRows(comparison, tests, "ndcg"), "ndcg");
		expect(grid.caption).toMatch(/against CORE \(A\).*leave-one-out.*100 shoppers/);
		expect(grid.columns).toContain("Δ NDCG@10");
		expect(grid.rows[1]?.slice(5)).toEqual([
			{ text: "+0.0500 [+0.0200, +0.0800]", mark: "**" },
			{ text: "0.003" },
			{ text: "15/80/5" },
		]);
		expect(grid.notes).toContain("Synthetic data: shop.");
		expect(configGrid(comparison).rows).toEqual([[{ text: "fineTune.epochs" }, { text: "–" }, { text: "2" }]]);
	});
});

describe("the plot of two ranks", () => {
	const counts = [
		{ first: 0, other: 0, shoppers: 5_000 },
		{ first: 1, other: 0, shoppers: 7 },
		{ first: 3, other: 1, shoppers: 9 },
		{ first: 2, other: 2, shoppers: 4 },
	];
	it("has (K + 1)² cells, and counts a purchase that is not listed as the lowest rank", () => {
		const map = prepareHeatMap({ k: 10, counts });
		expect(map.cells).toHaveLength(121);
		expect(map).toMatchObject({ shoppers: 5_020, firstHigher: 7, otherHigher: 9, equal: 4, neither: 5_000 });
		expect(map.cells.find(({ first, other }) => first === 0 && other === 0)?.shade).toBe(1);
		expect(describeHeatMap(map, "B", 10)).toMatch(/A ranks the purchase higher for 7, B for 9/);
	});
	it("abbreviates counts that do not fit", () => {
		expect([999, 1_240, 48_600].map(shortCount)).toEqual(["999", "1.2k", "49k"]);
	});
});

it("a view is a link: what is serialised is parsed back", () => {
	const view: CompareView = {
		...{ runs: ["a", "b"], metric: "mrr", against: "b", side: "first" },
		cell: { first: 3, other: 0 },
		by: "cold",
	};
	expect(compareViewCodec.parse(compareViewCodec.serialise(view))).toEqual(view);
	expect(compareHref(["a", "b"])).toBe("/compare?runs=a%2Cb");
});
