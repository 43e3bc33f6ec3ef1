import { expect, test } from "vitest";
import { binomialSampler, bootstrapContrast, holmAdjusted, type Rank, spreadOf, summariseRanks } from "../../src";
import { type Draw, seededDraw } from "../../src/method/random";

/**
 * Cases and what this package makes of them, for the check against SciPy in packages/trainer/tests. Lists are written as
 * words in one string. After a change that is meant: npx vitest run packages/core/test/statistics -u
 */
const K = 10;
const OPTIONS = { k: K, samples: 20_000, seed: 1 };
const DRAWS = 20_000;

const upTo = (draw: Draw, count: number) => Math.floor((draw() / 2 ** 32) * count);

/** Ranks of `users` users: hits in the first run with `share`, in the second with `otherShare`, a third of them shared. */
function rankPairs(users: number, share: number, otherShare: number, seed: number): [Rank, Rank][] {
	const draw = seededDraw(seed);
	const rank = (chance: number): Rank => (draw() / 2 ** 32 < chance ? 1 + upTo(draw, 14) : null);
	return Array.from({ length: users }, (): [Rank, Rank] => {
		const first = rank(share);
		return [first, upTo(draw, 3) === 0 ? first : rank(otherShare)];
	});
}

const words = (values: readonly (number | null)[]) => values.map((value) => value ?? "-").join(" ");

function paired(users: number, share: number, otherShare: number, seed: number) {
	const pairs = rankPairs(users, share, otherShare, seed);
	const { draws, metrics } = bootstrapContrast(
		pairs.map((ranks) => ({ ranks, users: 1 })),
		[1, -1],
		OPTIONS,
	);
	return {
		first: words(pairs.map(([first]) => first)),
		second: words(pairs.map(([, second]) => second)),
		draws,
		metrics,
	};
}

function single(users: number, share: number, seed: number) {
	const ranks = rankPairs(users, share, share, seed).map(([rank]) => rank);
	return { ranks: words(ranks), metrics: summariseRanks(ranks, OPTIONS).metrics };
}

function binomial(trials: number, share: number) {
	const sampler = binomialSampler(share, seededDraw(trials));
	const counts = new Map<number, number>();
	for (let i = 0; i < DRAWS; i += 1) {
		const drawn = sampler(trials);
		counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
	}
	const sorted = [...counts].sort(([a], [b]) => a - b);
	return { trials, share, draws: DRAWS, counts: sorted.map(([value, count]) => `${value}:${count}`).join(" ") };
}

const holm = (...pValues: number[]) => ({ p: words(pValues), adjusted: words(holmAdjusted(pValues)) });
const spread = (...values: number[]) => ({ values: words(values), ...spreadOf(values) });

test("results are those in the file that SciPy is asked about", async () => {
	const cases = {
		k: K,
		samples: OPTIONS.samples,
		paired: {
			"clearly better": paired(400, 0.5, 0.25, 1),
			"slightly better": paired(600, 0.3, 0.26, 2),
			"no difference": paired(500, 0.2, 0.2, 3),
			worse: paired(300, 0.15, 0.3, 4),
			"few users": paired(25, 0.6, 0.4, 5),
			"rare hits": paired(2_000, 0.02, 0.012, 6),
			"far apart": paired(900, 0.6, 0.2, 10),
		},
		single: {
			"hit often": single(700, 0.5, 7),
			"hit rarely": single(1_500, 0.02, 8),
			"few users": single(20, 0.5, 9),
		},
		holm: {
			"worked by hand": holm(0.01, 0.04, 0.03, 0.005),
			"with ties": holm(0.02, 0.02, 0.9, 0.0001, 0.02),
			"all large": holm(0.5, 0.8, 0.31),
			seven: holm(0.0004, 0.049, 0.012, 0.2, 0.0301, 0.0098, 0.64),
		},
		spread: { "three seeds": spread(0.2037, 0.1991, 0.2104), "two seeds": spread(0.5, 0.25) },
		binomial: {
			"few successes": binomial(40, 0.05),
			"many trials, rare": binomial(3_000, 0.002),
			middling: binomial(120, 0.4),
			"mostly successes": binomial(900, 0.97),
		},
	};
	await expect(`${JSON.stringify(cases, null, "\t")}\n`).toMatchFileSnapshot("../fixtures/statistics/cases.json");
	// 20,000 draws of six pairs: two seconds on an idle machine.
}, 60_000);
