import { expect, test } from "vitest";
import { mrrAtK, ndcgAtK, recallAtK } from "../../src";

test("a rank past K, or none, gains nothing", () => {
	for (const metric of [recallAtK, ndcgAtK, mrrAtK]) {
		expect(metric(11, 10)).toBe(0);
		expect(metric(null, 10)).toBe(0);
		expect(metric(1, 10)).toBe(1);
	}
	expect(recallAtK(10, 10)).toBe(1);
	expect(ndcgAtK(3, 10)).toBe(0.5);
	expect(mrrAtK(4, 10)).toBe(0.25);
});
