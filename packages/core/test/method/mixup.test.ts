import { expect, test } from "vitest";
import { mixup } from "../../src";

const idList = [10, 20, 30, 40];
const titleList = [20, 10, 50, 60, 70];

test("position 1 comes from the id list and an item keeps its first place", () => {
	expect(mixup({ idList, titleList, n: 1, k: 4, mode: "distinct" })).toEqual({
		items: [10, 20, 50, 60],
		origins: ["id", "title", "title", "title"],
	});
});

test("read literally, position p of the result is position p of its list, repeats and all", () => {
	expect(mixup({ idList, titleList, n: 1, k: 4, mode: "literal" })).toEqual({
		items: [10, 10, 50, 60],
		origins: ["id", "title", "title", "title"],
	});
});

test("n = 0 leaves the ids out and n = k the titles", () => {
	for (const mode of ["distinct", "literal"] as const) {
		expect(mixup({ idList, titleList, n: 0, k: 3, mode }).items).toEqual([20, 10, 50]);
		expect(mixup({ idList, titleList, n: 3, k: 3, mode }).items).toEqual([10, 20, 30]);
	}
});

test("a missing list lets the other one stand in", () => {
	for (const mode of ["distinct", "literal"] as const) {
		expect(mixup({ idList: [], titleList, n: 2, k: 3, mode })).toEqual({
			items: [20, 10, 50],
			origins: ["title", "title", "title"],
		});
		expect(mixup({ idList, titleList: [], n: 1, k: 3, mode })).toEqual({
			items: [10, 20, 30],
			origins: ["id", "id", "id"],
		});
		expect(mixup({ idList: [], titleList: [], n: 1, k: 3, mode }).items).toEqual([]);
	}
});

test("a title list that ends early is filled up from the id list", () => {
	expect(mixup({ idList, titleList: [10], n: 1, k: 3, mode: "distinct" })).toEqual({
		items: [10, 20, 30],
		origins: ["id", "id", "id"],
	});
});
