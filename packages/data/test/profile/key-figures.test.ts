import { expect, test } from "vitest";
import { type KeyFigures, meanFigures, paperRatiosOf, ratiosTo } from "../../src";

const NONE: KeyFigures = {
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

test("a ratio says how many times as much the reference has; without either figure, or over zero, there is none", () => {
	const reference = { ...NONE, newProductsPerMonth: 36, queriesPerDay: 5, unseenShare: 0.2 };
	const other = { ...NONE, newProductsPerMonth: 10, unseenShare: 0, seasonSwing: 0.3 };
	expect(ratiosTo(reference, other)).toEqual({ ...NONE, newProductsPerMonth: 3.6 });
});

test("a group's figure is the mean over the members that have it", () => {
	const members = [{ ...NONE, queriesPerDay: 2 }, { ...NONE, queriesPerDay: 4 }, NONE];
	expect(meanFigures(members)).toEqual({ ...NONE, queriesPerDay: 3 });
});

test("the paper's ratios go with datasets named after its contrast categories, and with no other", () => {
	expect(paperRatiosOf("sample-electronics")?.queriesPerDay).toBe(2.63);
	expect(paperRatiosOf("toys")?.newProductsPerMonth).toBe(6.7);
	expect(paperRatiosOf("sample-clothing")).toBeNull();
	expect(paperRatiosOf("mytoys")).toBeNull();
});
