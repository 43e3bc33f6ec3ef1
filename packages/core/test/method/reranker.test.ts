import { expect, test } from "vitest";
import { featureNames, rerank, writeFeatures } from "../../src";

test("a pool is ordered by scaled features times weights, ties by id", () => {
	const model = [
		{ weight: 1, deviation: 2 },
		{ weight: -1, deviation: 1 },
	];
	// Scores: item 8 3/2 - 0; item 5 1/2 - 0; item 4 3/2 - 1 = 1/2; item 6 0 - 1.
	expect(rerank(model, [8, 5, 4, 6], Float64Array.from([3, 0, 1, 0, 3, 1, 0, 1]))).toEqual([8, 4, 5, 6]);
});

test("features are what their names say", () => {
	const names = featureNames(["memory", "id"]);
	const family = new Map([
		[1, 10],
		[2, 10],
		[3, 30],
		[4, 40],
	]);
	const values = new Float64Array(2 * names.length);
	writeFeatures(
		{
			lists: [[1, 3], [3]],
			candidates: { items: [1, 4], logProbabilities: [-1, -3] },
			generated: 3,
			history: [2, 2, 4, 3],
			clicked: [4, 2],
			answers: [3, 4],
		},
		[1, 3],
		{ familyOf: (item) => family.get(item) ?? -1, trainCount: (item) => (item === 1 ? 4 : 0) },
		values,
		0,
	);
	const row = (index: number) =>
		Object.fromEntries(names.map((name, f) => [name, values[index * names.length + f]] as const));
	expect(row(0)).toEqual({
		"memory: reciprocal rank": 1,
		"id: reciprocal rank": 0,
		"memory: present": 1,
		"id: present": 0,
		candidate: 1,
		// The candidates' mean is -2.
		"log-likelihood": 1,
		"generated id": 0,
		"generated family": 0,
		"family share of history": 0.5,
		"family clicked": 1,
		popularity: Math.log(5),
		seen: 0,
		recency: 0,
		// Its variant 2 was seen, at last as the third newest.
		"family recency": 1 / 3,
		"answer recency": 0,
		"answer family recency": 0,
	});
	expect(row(1)).toEqual({
		"memory: reciprocal rank": 0.5,
		"id: reciprocal rank": 1,
		"memory: present": 1,
		"id: present": 1,
		candidate: 0,
		"log-likelihood": 0,
		"generated id": 1,
		"generated family": 1,
		"family share of history": 0.25,
		"family clicked": 0,
		popularity: 0,
		seen: 1,
		recency: 1,
		"family recency": 1,
		"answer recency": 0.5,
		"answer family recency": 0.5,
	});
});
