import { expect, test } from "vitest";
import { jointOutcomes } from "../../src";

const counted = (vectors: readonly number[][], k: number, places?: number[]) =>
	new Map(
		jointOutcomes(vectors, k, places && Uint32Array.from(places)).map(({ ranks, users }) => [ranks.join(" "), users]),
	);

test("users are counted by their ranks in all runs; a rank beyond K is as good as none", () => {
	const first = [1, 3, 0, 1, 12];
	const second = [2, 0, 11, 2, 10];
	expect(counted([first, second], 10)).toEqual(
		new Map([
			["1 2", 2],
			["3 ", 1],
			[" ", 1],
			[" 10", 1],
		]),
	);
	expect(counted([first, second], 2, [0, 1, 4])).toEqual(
		new Map([
			["1 2", 1],
			[" ", 2],
		]),
	);
	expect(counted([first], 10)).toEqual(
		new Map([
			["1", 2],
			["3", 1],
			["", 2],
		]),
	);
});

test("as many runs as there may be are counted alike", () => {
	const ranks = [1, 3, 0, 1, 12];
	for (const runs of [3, 6, 40]) {
		const found = counted(
			Array.from({ length: runs }, () => ranks),
			10,
		);
		expect([...found.values()].sort()).toEqual([1, 2, 2]);
	}
});
