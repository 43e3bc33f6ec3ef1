import { expect, test } from "vitest";
import { demandByMonth, wilsonInterval } from "../../src/profile/lift";

test("Wilson's interval of 5 in 10 is .237 to .763, and none of none says nothing", () => {
	const [low, high] = wilsonInterval(5, 10);
	expect([low.toFixed(3), high.toFixed(3)]).toEqual(["0.237", "0.763"]);
	expect(wilsonInterval(0, 0)).toEqual([0, 1]);
	expect(wilsonInterval(0, 8)[0]).toBe(0);
});

const months = [
	{ month: 1, purchases: 960 },
	{ month: 2, purchases: 40 },
];

test("a cell in which fewer than five are expected is marked small and settles nothing", () => {
	const demand = demandByMonth(
		"season",
		months,
		[
			{ value: "Summer", month: 1, purchases: 80 },
			{ value: "Summer", month: 2, purchases: 20 },
		],
		100,
	);
	// Expected in February: 100 × .04 = 4.
	expect(demand.rows[0]?.cells.map(({ small }) => small)).toEqual([false, true]);
	expect(demand.rows[0]?.cells[1]?.lift).toBeCloseTo(5);
	expect([demand.cells, demand.cellsApart]).toEqual([1, 1]);
});

test("values bought fewer than twenty times are left out, and counted", () => {
	const demand = demandByMonth("occasion", months, [{ value: "Wedding", month: 1, purchases: 19 }], 19);
	expect(demand).toMatchObject({ rows: [], valuesLeftOut: 1, swing: 0, coverage: 0.019 });
});

test("a month without a purchase of the value has lift 0, not a hole", () => {
	const demand = demandByMonth("holiday", months, [{ value: "Easter", month: 2, purchases: 25 }], 25);
	expect(demand.rows[0]?.cells.map(({ lift }) => lift)).toEqual([0, 25]);
});

test("demand that follows all purchases has no swing", () => {
	const counts = [
		{ value: "Fall", month: 1, purchases: 192 },
		{ value: "Fall", month: 2, purchases: 8 },
	];
	expect(demandByMonth("season", months, counts, 200).swing).toBe(0);
});
