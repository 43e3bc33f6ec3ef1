import { expect, test } from "vitest";
import { bootstrapContrast, jointOutcomes, wrongSideBound } from "../../src";

/** Chance of `losses` and `wins` among `users` draws summing up to zero or less, counted outcome by outcome. */
function exactChance(users: number, wins: number, losses: number): number {
	let sums = new Map([[0, 1]]);
	for (let drawn = 0; drawn < users; drawn += 1) {
		const next = new Map<number, number>();
		for (const [sum, chance] of sums) {
			for (const [step, share] of [
				[1, wins / users],
				[-1, losses / users],
				[0, 1 - (wins + losses) / users],
			] as const) {
				next.set(sum + step, (next.get(sum + step) ?? 0) + chance * share);
			}
		}
		sums = next;
	}
	return [...sums].reduce((total, [sum, chance]) => total + (sum <= 0 ? chance : 0), 0);
}

test.each([
	[40, 12, 3],
	[60, 30, 2],
	[25, 8, 0],
	[50, 10, 9],
])(
	"of %i users, %i of them better and %i worse, the bound lies above the chance and not far above",
	(users, wins, losses) => {
		const bound = wrongSideBound(Float64Array.of(1, -1), Uint32Array.of(wins, losses), users);
		const exact = exactChance(users, wins, losses);
		expect(bound).toBeGreaterThanOrEqual(exact);
		expect(bound).toBeLessThan(20 * exact);
		// From the other side it is the same question.
		expect(wrongSideBound(Float64Array.of(-1, 1), Uint32Array.of(wins, losses), users)).toBeCloseTo(bound, 12);
	},
);

test("nothing is bounded where nothing differs", () => {
	expect(wrongSideBound(new Float64Array(0), new Uint32Array(0), 10)).toBe(1);
	expect(wrongSideBound(Float64Array.of(1, -1), Uint32Array.of(4, 4), 10)).toBe(1);
});

const contrastOf = (better: number, worse: number, users: number) => {
	const first = Array.from({ length: users }, (_, user) => (user < better ? 1 : 0));
	const second = Array.from({ length: users }, (_, user) => (user >= better && user < better + worse ? 1 : 0));
	return bootstrapContrast(jointOutcomes([first, second], 10), [1, -1], { k: 10, samples: 20_000, seed: 1 });
};

test("few resamples are drawn where the verdict is clear either way, all of them where it is near", () => {
	expect(contrastOf(300, 40, 1_000)).toMatchObject({ draws: 2_000, metrics: { "recall@10": { p: 2 / 20_001 } } });
	const level = contrastOf(100, 98, 1_000);
	expect(level.draws).toBe(2_000);
	expect(level.metrics["recall@10"]?.p).toBeGreaterThan(0.2);
	const close = contrastOf(100, 70, 1_000);
	expect(close.draws).toBe(20_000);
	expect(close.metrics["recall@10"]?.p).toBeGreaterThan(0.005);
	expect(close.metrics["recall@10"]?.p).toBeLessThan(0.05);
});
