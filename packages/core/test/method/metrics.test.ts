import { expect, test } from "vitest";
import { bootstrapInterval, mrrAtK, ndcgAtK, recallAtK, summariseRanks } from "../../src";

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

test("an interval is repeated by its seed and moved by another", () => {
	const values = Float64Array.from({ length: 100 }, (_, user) => (user * 37) % 11);
	const once = bootstrapInterval(values, { samples: 300, seed: 5 });
	expect(bootstrapInterval(values, { samples: 300, seed: 5 })).toEqual(once);
	expect(bootstrapInterval(values, { samples: 300, seed: 6 })).not.toEqual(once);
	expect(once.low).toBeLessThan(once.value);
	expect(once.high).toBeGreaterThan(once.value);
});

test("one resampling serves all metrics: recall's interval is that of its own per-user values", () => {
	const ranks = Array.from({ length: 300 }, (_, user) => (user % 7 === 0 ? null : (user % 15) + 1));
	const { metrics } = summariseRanks(ranks, { k: 10, samples: 250, seed: 11 });
	const values = Float64Array.from(ranks, (rank) => recallAtK(rank, 10));
	const alone = bootstrapInterval(values, { samples: 250, seed: 11 });
	expect(metrics["recall@10"]?.low).toBeCloseTo(alone.low, 12);
	expect(metrics["recall@10"]?.high).toBeCloseTo(alone.high, 12);
});

test("no users give zeros", () => {
	expect(summariseRanks([], { k: 5, samples: 10, seed: 0 })).toMatchObject({
		count: 0,
		metrics: { "recall@5": { value: 0, low: 0, high: 0 } },
	});
});
