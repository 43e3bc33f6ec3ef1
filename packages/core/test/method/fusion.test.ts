import { expect, test } from "vitest";
import { headFirst, likelihoodFirst, poolOf, reciprocalRankFusion } from "../../src";

test("reciprocal ranks add up over the lists", () => {
	// Constant 1: item 1 scores 1/2, item 2 scores 1/3 + 1/2 = .833, item 3 scores 1/4 + 1/3 = .583, item 4 scores 1/4.
	expect(
		reciprocalRankFusion(
			[
				[1, 2, 3],
				[2, 3, 4],
			],
			1,
		),
	).toEqual([2, 3, 1, 4]);
	// A large constant counts lists before ranks, a small one ranks before lists.
	const lists = [
		[7, 1, 2, 3, 8],
		[1, 2, 3, 9, 8],
	];
	expect(reciprocalRankFusion(lists, 60).slice(0, 4)).toEqual([1, 2, 3, 8]);
	expect(reciprocalRankFusion(lists, 0.01).slice(0, 2)).toEqual([1, 7]);
});

test("equal scores go by id, and a list that repeats an item counts its first place only", () => {
	expect(reciprocalRankFusion([[5], [4]], 60)).toEqual([4, 5]);
	expect(reciprocalRankFusion([[5, 4, 4, 4], [5]], 1)).toEqual([5, 4]);
	expect(reciprocalRankFusion([[], []], 60)).toEqual([]);
});

test("candidates go by likelihood in front of the fused order", () => {
	const scored = { items: [3, 9, 1], logProbabilities: [-2, -0.5, -2] };
	expect(likelihoodFirst(scored, [4, 9, 5])).toEqual([9, 1, 3, 4, 5]);
	expect(likelihoodFirst({ items: [3, 9], logProbabilities: [-1] }, [4])).toEqual([3, 9, 4]);
	expect(likelihoodFirst({ items: [], logProbabilities: [] }, [4, 9])).toEqual([4, 9]);
});

test("a pool holds the heads of the lists once, and heads stay in front", () => {
	expect(poolOf([[1, 2, 3], [2, 4, 5], []], 2)).toEqual([1, 2, 4]);
	expect(headFirst([4, 2], [1, 2, 3, 4])).toEqual([4, 2, 1, 3]);
});
