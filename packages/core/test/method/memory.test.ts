import { expect, test } from "vitest";
import { selectCandidates } from "../../src";

const neighbours = [
	{ queryId: 4, similarity: 1, items: [] },
	{ queryId: 7, similarity: 0.9, items: [1, 2, 3] },
	{ queryId: 9, similarity: 0.8, items: [2, 4] },
	{ queryId: 2, similarity: 0.7, items: [5] },
];

test("products score similarity over position in the nearest queries that have a listing", () => {
	// 1: 0.9 · 2: 0.45 + 0.8 = 1.25 · 3: 0.3 · 4: 0.4; query 4 has no listing and query 2 is past Q.
	expect(selectCandidates({ neighbours, queries: 2, products: 10 })).toEqual({
		items: [2, 1, 4, 3],
		origins: [1, 0, 1, 0],
		neighbours: [
			{ queryId: 7, similarity: 0.9 },
			{ queryId: 9, similarity: 0.8 },
		],
	});
});

test("only the best V products are returned", () => {
	expect(selectCandidates({ neighbours, queries: 2, products: 1 }).items).toEqual([2]);
});

test("equal scores go to the nearer query, then to the smaller id", () => {
	const tied = [
		{ queryId: 1, similarity: 1, items: [8, 6] },
		{ queryId: 2, similarity: 0.5, items: [5, 9, 9] },
		{ queryId: 3, similarity: 0.5, items: [3] },
	];
	// 8: 1 · 6: 0.5 from similarity 1 · 3 and 5: 0.5 from similarity 0.5 · 9: 0.25, its second place not counted.
	expect(selectCandidates({ neighbours: tied, queries: 3, products: 10 }).items).toEqual([8, 6, 3, 5, 9]);
});

test("nothing remembered gives no candidates", () => {
	expect(selectCandidates({ neighbours: [], queries: 3, products: 5 })).toEqual({
		items: [],
		origins: [],
		neighbours: [],
	});
});
