import { expect, test } from "vitest";
import { type Rank, recallAtK, summariseRanks } from "../../src";
import { seededDraw } from "../../src/method/random";

test("figures are means over users", () => {
	const { count, metrics } = summariseRanks([1, 3, null, 12], { k: 10, samples: 200, seed: 1 });
	expect(count).toBe(4);
	expect(Object.keys(metrics)).toEqual(["recall@10", "ndcg@10", "mrr@10"]);
	expect(metrics["recall@10"]?.value).toBe(0.5);
	expect(metrics["ndcg@10"]?.value).toBeCloseTo((1 + 0.5) / 4, 12);
	expect(metrics["mrr@10"]?.value).toBeCloseTo((1 + 1 / 3) / 4, 12);
});

test("the interval of a share agrees with the normal approximation", () => {
	const ranks = Array.from({ length: 2_000 }, (_, user) => (user < 600 ? 1 : null));
	const { metrics } = summariseRanks(ranks, { k: 10, samples: 2_000, seed: 3 });
	const half = 1.96 * Math.sqrt((0.3 * 0.7) / 2_000);
	expect(metrics["recall@10"]?.low).toBeCloseTo(0.3 - half, 2);
	expect(metrics["recall@10"]?.high).toBeCloseTo(0.3 + half, 2);
});

/** The bootstrap as it is defined: user by user. */
function drawnUserByUser(ranks: readonly Rank[], samples: number, gain: (rank: Rank) => number): number[] {
	const draw = seededDraw(99);
	const one = () => gain(ranks[Math.floor((draw() / 2 ** 32) * ranks.length)] ?? null);
	const means = Array.from({ length: samples }, () => ranks.reduce<number>((sum) => sum + one(), 0) / ranks.length);
	return means.sort((a, b) => a - b);
}

test.each([
	["few users in each outcome", 40],
	["many users in each outcome", 900],
])("outcomes drawn at once give the interval of users drawn one by one: %s", (_, users) => {
	const ranks = Array.from({ length: users }, (_, user): Rank => (user % 3 === 0 ? null : (user % 15) + 1));
	const samples = 8_000;
	const { metrics } = summariseRanks(ranks, { k: 10, samples, seed: 11 });
	for (const [name, gain] of [
		["recall@10", (rank: Rank) => recallAtK(rank, 10)],
		["mrr@10", (rank: Rank) => (rank !== null && rank <= 10 ? 1 / rank : 0)],
	] as const) {
		const means = drawnUserByUser(ranks, samples, gain);
		const [low = 0, high = 0] = [means[Math.round(0.025 * samples)], means[Math.round(0.975 * samples)]];
		// Ends of two independent resamplings of 8,000 differ by about .04 standard errors, a quarter of the width.
		const tolerance = 0.2 * ((high - low) / 4) + 0.6 / users;
		expect(Math.abs((metrics[name]?.low ?? 0) - low)).toBeLessThan(tolerance);
		expect(Math.abs((metrics[name]?.high ?? 0) - high)).toBeLessThan(tolerance);
	}
});

test("an interval is repeated by its seed and moved by another", () => {
	const ranks = Array.from({ length: 300 }, (_, user): Rank => (user % 7 === 0 ? null : (user % 15) + 1));
	const once = summariseRanks(ranks, { k: 10, samples: 300, seed: 5 });
	expect(summariseRanks(ranks, { k: 10, samples: 300, seed: 5 })).toEqual(once);
	expect(summariseRanks(ranks, { k: 10, samples: 300, seed: 6 })).not.toEqual(once);
});

test("no users give zeros, and none that were hit have nothing to vary", () => {
	const zero = { value: 0, low: 0, high: 0 };
	expect(summariseRanks([], { k: 5, samples: 10, seed: 0 })).toMatchObject({ count: 0, metrics: { "recall@5": zero } });
	expect(summariseRanks([null, 9], { k: 5, samples: 10, seed: 0 }).metrics["mrr@5"]).toEqual(zero);
});
