import { describe, expect, test } from "vitest";
import { binomialSampler, bootstrapContrast, holmAdjusted, type OutcomeGroup, spreadOf } from "../../src";
import { seededDraw } from "../../src/method/random";

const OPTIONS = { k: 10, samples: 20_000, seed: 1 };
const hit = { ranks: [1, null], users: 1 };
const tie = { ranks: [null, null], users: 1 };

describe("Holm's correction", () => {
	test("four p values, worked by hand", () => {
		// In order .005 .01 .03 .04 times 4 3 2 1: .02 .03 .06 .04, and the last may not fall below the one before.
		expect(holmAdjusted([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
	});
	test("stops at 1, leaves a single value and an empty family alone", () => {
		expect(holmAdjusted([0.6, 0.7])).toEqual([1, 1]);
		expect(holmAdjusted([0.2])).toEqual([0.2]);
		expect(holmAdjusted([])).toEqual([]);
	});
	test("what is no p value is refused", () => {
		expect(() => holmAdjusted([0.1, Number.NaN])).toThrow(/NaN is no p value/);
	});
});

describe("the paired bootstrap", () => {
	test("two users of whom one differs: resampled means are 0, ½ and 1, a quarter of them 0", () => {
		const { users, metrics } = bootstrapContrast([hit, tie], [1, -1], OPTIONS);
		expect(users).toBe(2);
		expect(metrics["recall@10"]).toMatchObject({ value: 0.5, low: 0, high: 1, wins: 1, ties: 1, losses: 0 });
		expect(metrics["recall@10"]?.p).toBeCloseTo(0.5, 1);
	});

	test("the interval of a mean difference agrees with the normal approximation", () => {
		const groups: OutcomeGroup[] = [
			{ ranks: [1, null], users: 300 },
			{ ranks: [null, 1], users: 200 },
			{ ranks: [null, null], users: 1_500 },
		];
		const { metrics } = bootstrapContrast(groups, [1, -1], OPTIONS);
		const mean = 100 / 2_000;
		const half = 1.96 * Math.sqrt((500 / 2_000 - mean ** 2) / 2_000);
		expect(metrics["recall@10"]?.low).toBeCloseTo(mean - half, 2);
		expect(metrics["recall@10"]?.high).toBeCloseTo(mean + half, 2);
		expect(metrics["recall@10"]).toMatchObject({ wins: 300, ties: 1_500, losses: 200 });
	});

	test("both ways of drawing agree: many users in few groups, and the same shares in many groups of few", () => {
		const few = [
			{ ranks: [1, null], users: 120 },
			{ ranks: [null, 1], users: 80 },
			{ ranks: [null, null], users: 600 },
		];
		// The same in recall, but of differing ranks: twenty groups in place of two.
		const many = few.flatMap(({ ranks, users }) =>
			Array.from({ length: 10 }, (_, i) => ({ ranks: ranks.map((rank) => rank && i + 1), users: users / 10 })),
		);
		const [one, other] = [few, many].map((groups) => bootstrapContrast(groups, [1, -1], OPTIONS).metrics["recall@10"]);
		expect(other?.value).toBeCloseTo(one?.value ?? 0, 12);
		expect(other?.low).toBeCloseTo(one?.low ?? 0, 2);
		expect(other?.high).toBeCloseTo(one?.high ?? 0, 2);
		expect(other).not.toEqual(one);
	});

	test("runs that agree everywhere differ by nothing, with p 1", () => {
		const { metrics } = bootstrapContrast([{ ranks: [3, 3], users: 50 }], [1, -1], OPTIONS);
		expect(metrics["ndcg@10"]).toEqual({ value: 0, low: 0, high: 0, p: 1, wins: 0, ties: 50, losses: 0 });
	});

	test("a difference past K counts as none; one within K may tie in recall and differ in rank", () => {
		const { metrics } = bootstrapContrast(
			[
				{ ranks: [11, null], users: 5 },
				{ ranks: [1, 2], users: 5 },
			],
			[1, -1],
			OPTIONS,
		);
		expect(metrics["recall@10"]).toMatchObject({ wins: 0, ties: 10 });
		expect(metrics["mrr@10"]).toMatchObject({ value: 0.25, wins: 5, ties: 5 });
	});

	test("turning the comparison round turns its signs, wins and losses", () => {
		const groups = [hit, { ranks: [2, 1], users: 3 }, tie];
		const there = bootstrapContrast(groups, [1, -1], OPTIONS).metrics["mrr@10"];
		const back = bootstrapContrast(groups, [-1, 1], OPTIONS).metrics["mrr@10"];
		expect(back?.value).toBeCloseTo(-(there?.value ?? 0), 12);
		expect([back?.wins, back?.losses]).toEqual([there?.losses, there?.wins]);
	});

	test("the order in which groups come, and how users are grouped, changes nothing", () => {
		const groups = [hit, { ranks: [2, 1], users: 3 }, { ranks: [4, null], users: 2 }, tie];
		const apart = groups.flatMap(({ ranks, users }) => Array.from({ length: users }, () => ({ ranks, users: 1 })));
		const once = bootstrapContrast(groups, [1, -1], OPTIONS);
		expect(bootstrapContrast(apart.reverse(), [1, -1], OPTIONS)).toEqual(once);
		expect(bootstrapContrast(groups, [1, -1], { ...OPTIONS, seed: 2 })).not.toEqual(once);
	});

	test("four runs ask whether one gain is larger than another", () => {
		// Both gain on these users, the first from rank 2 to 1, the second from nothing to 1.
		const { metrics } = bootstrapContrast([{ ranks: [1, 2, 1, null], users: 8 }], [1, -1, -1, 1], OPTIONS);
		expect(metrics["mrr@10"]).toMatchObject({ value: 0.5 - 1, losses: 8 });
		expect(metrics["recall@10"]).toMatchObject({ value: -1, losses: 8 });
	});

	test("a group without one rank for each weight is refused", () => {
		expect(() => bootstrapContrast([{ ranks: [1], users: 1 }], [1, -1], OPTIONS)).toThrow(/1 ranks for 2 weights/);
	});
});

test.each([
	[20, 0.3],
	[1_000, 0.002],
	[1_000, 0.4],
	[5_000, 0.9],
])("binomial draws of %d trials with share %d have the mean and variance of their law", (trials, share) => {
	const sampler = binomialSampler(share, seededDraw(7));
	const draws = Array.from({ length: 50_000 }, () => sampler(trials));
	const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
	const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
	const expected = trials * share * (1 - share);
	// Five standard errors.
	expect(Math.abs(mean - trials * share)).toBeLessThan(5 * Math.sqrt(expected / draws.length));
	expect(Math.abs(variance / expected - 1)).toBeLessThan(0.04);
});

test("mean and deviation over seeds, worked by hand; one seed has no deviation, none has nothing", () => {
	expect(spreadOf([2, 4, 9])).toEqual({ mean: 5, deviation: Math.sqrt((9 + 1 + 16) / 2) });
	expect(spreadOf([0.2])).toEqual({ mean: 0.2, deviation: null });
	expect(spreadOf([])).toBeNull();
});
