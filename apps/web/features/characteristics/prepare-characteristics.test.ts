import { describe, expect, it } from "vitest";
import type { AttributeDemand, Characteristics, Overview } from "./characteristics-types";
import { barsGrid, monthLabels, prepareCompared, prepareNewProducts, prepareUnseen } from "./prepare-bars";
import { prepareComparison } from "./prepare-comparison";
import { liftGrid, prepareLift } from "./prepare-lift";
import { comparisonWords, demandWords, queryWords, turnoverWords } from "./prepare-words";

const turnover: Characteristics["turnover"] = {
	newProducts: {
		available: true,
		basis: "launch",
		perMonth: 120,
		shareOfCatalogue: 0.05,
		months: [
			{ month: "2024-12", products: 110 },
			{ month: "2025-01", products: 130 },
		],
	},
	unseen: {
		available: true,
		purchases: 60,
		unseen: 12,
		share: 0.2,
		low: 0.118,
		high: 0.318,
		months: [
			{ month: "2024-12", purchases: 9, unseen: 9 },
			{ month: "2025-01", purchases: 51, unseen: 3 },
		],
	},
};
const gone = { available: false as const, reason: "the log has no searches." };

describe("bars", () => {
	it("say the year of a month only where the log has more than one", () => {
		expect(monthLabels([{ month: "2025-03" }, { month: "2025-04" }])).toEqual(["Mar", "Apr"]);
		expect(prepareNewProducts(turnover)?.bars.map(({ label }) => label)).toEqual(["Dec 24", "Jan 25"]);
	});
	it("leave out months with too few test purchases to show a share", () => {
		expect(prepareUnseen(turnover)?.bars.map(({ label, value }) => [label, value])).toEqual([["Jan 25", 3 / 51]]);
	});
	it("name the last bin as all from there on, as shares of all purchases", () => {
		const bins = [
			{ products: 0, purchases: 1 },
			{ products: 1, purchases: 3 },
		];
		const compared = { available: true as const, mean: 0.75, purchases: 4, bins, sameFamily: null, sameCategory: null };
		const chart = prepareCompared({ interactionsPerSequence: 4, interactionsPerPurchase: gone, compared });
		expect(chart?.bars.map(({ label, value }) => [label, value])).toEqual([
			["0", 0.25],
			["1+", 0.75],
		]);
		expect(chart && barsGrid(chart).rows[1]?.map(({ text }) => text)).toEqual(["1+", "0.75"]);
	});
});

const cell = (month: number, lift: number, low: number, high: number, small = false) => ({
	month,
	purchases: Math.round(lift * 20),
	expected: 20,
	lift,
	low,
	high,
	small,
});
const season: AttributeDemand = {
	attribute: "season",
	coverage: 0.5,
	swing: 0.4,
	cells: 3,
	cellsApart: 2,
	rows: [
		{
			value: "Summer",
			purchases: 80,
			cells: [cell(1, 0.5, 0.3, 0.8), cell(4, 1.1, 0.8, 1.4), cell(7, 2, 1.5, 2.5), cell(8, 6, 2, 9, true)],
		},
	],
	valuesLeftOut: 1,
};

describe("lifts", () => {
	it("are told apart from 1 only by their interval, and never where too few are expected", () => {
		expect(prepareLift(season).tiles.map(({ month, verdict }) => [month, verdict])).toEqual([
			["Jan", "less"],
			["Apr", "level"],
			["Jul", "more"],
			["Aug", "small"],
		]);
	});
	it("twice and half are drawn equally strong, a small cell not at all", () => {
		const [half, , twice, small] = prepareLift(season).tiles.map(({ strength }) => strength);
		expect([half, twice, small]).toEqual([0.5, 0.5, 0]);
	});
	it("are summed up with what chance would give, and what was left out", () => {
		const { caption } = prepareLift(season);
		expect(caption).toContain("50 % of purchases have a season. 2 of 3 readable cells differ from 1");
		expect(caption).toContain("Summer in Jul, 2.0 times");
		expect(caption).toContain("Left out: 1 value with");
	});
	it("go out as one row a cell", () => {
		expect(liftGrid(season).rows).toHaveLength(4);
		expect(liftGrid(season).rows[0]?.map(({ text }) => text)).toEqual([
			"Summer",
			"Jan",
			"10",
			"20.0000",
			"0.5000",
			"0.3000",
			"0.8000",
		]);
	});
});

describe("words", () => {
	it("say what was measured, with its interval", () => {
		expect(turnoverWords(turnover).here).toContain("20 % of 60 test purchases");
		expect(turnoverWords(turnover).here).toContain("12 % to 32 %");
	});
	it("say why a part is missing instead of leaving a hole", () => {
		expect(queryWords(gone, false).here).toBe("Queries are not available, because the log has no searches.");
		expect(demandWords({ available: false, reason: "no purchase has a time." }).here).toMatch(/because no purchase/);
		const none = comparisonWords({ interactionsPerSequence: 2, interactionsPerPurchase: gone, compared: gone });
		expect(none.here).toMatch(/^2.00 interactions a shopper; products compared are not available/);
	});
});

const NONE = {
	newProductsPerMonth: null,
	unseenShare: null,
	interactionsPerSequence: null,
	interactionsPerPurchase: null,
	comparedPerPurchase: null,
	seasonSwing: null,
	queriesPerDay: null,
	queriesPerPurchase: null,
	distinctQueryShare: null,
};
const overview: Overview = {
	definitions: [{ key: "queriesPerDay", part: "C4", title: "Unique queries a day" }],
	reference: { name: "s-clothing", members: ["s-clothing"], figures: { ...NONE, queriesPerDay: 9.9 } },
	datasets: [
		["hm", null, null],
		["s-toys", "s-contrast", 4.1],
		["s-footwear", "s", 9.8],
		["s-clothing", "s", 9.9],
	].map(([name, group, value]) => ({
		name: String(name),
		group: group === null ? null : String(group),
		synthetic: true,
		queriesDerived: false,
		isReference: name === "s-clothing",
		problem: null,
		figures: { ...NONE, queriesPerDay: value === null ? null : Number(value) },
		ratios: { ...NONE, queriesPerDay: value === null ? null : 9.9 / Number(value) },
		paperRatios: name === "s-toys" ? { queriesPerDay: 2.38 } : null,
	})),
};

it("the comparison has the page's dataset first, then its group, its contrast, and the rest", () => {
	const rows = prepareComparison(overview);
	expect(rows.map(({ name }) => name)).toEqual(["s-clothing", "s-footwear", "s-toys", "hm"]);
	expect(rows.map(({ cells }) => [cells[0]?.figure, cells[0]?.ratio, cells[0]?.paper])).toEqual([
		["9.90", null, null],
		["9.80", "1.01×", null],
		["4.10", "2.41×", "2.38×"],
		[null, null, null],
	]);
});
