import { expect, test } from "vitest";
import { featureNames, fitReranker, type RankingRows, rerank, seededDraw, writeFeatures } from "../../src";
import { solvePositive } from "../../src/method/linear-solve";

/** Examples as pools of feature rows, with the place of the ground truth in the pool (-1: not in it). */
function rowsOf(examples: { pool: number[][]; target: number }[]): RankingRows {
	const starts = [0];
	const targets: number[] = [];
	for (const { pool, target } of examples) {
		const start = starts.at(-1) ?? 0;
		targets.push(target === -1 ? -1 : start + target);
		starts.push(start + pool.length);
	}
	const values = examples.flatMap(({ pool }) => pool.flat());
	return {
		values: Float64Array.from(values),
		features: examples[0]?.pool[0]?.length ?? 0,
		starts: Uint32Array.from(starts),
		targets: Int32Array.from(targets),
	};
}

test("the weights are those at which the likelihood's slope is the penalty's", () => {
	// One feature, pools of {1, 0}, the 1 right in 3 of 4: over their deviation of 1/2 they differ by 2 w. Without a
	// penalty the share of the 1 is sigmoid(2w) = 3/4; the penalty λ w is the slope that is left: 2 (3/4 - sigmoid(2w)).
	const one = { pool: [[1], [0]], target: 0 };
	const model = fitReranker(rowsOf([one, one, one, { ...one, target: 1 }]));
	if (model === null) throw new Error("not fitted");
	const [weight = 0] = model.weights;
	expect(model.deviations[0]).toBeCloseTo(0.5, 12);
	expect(2 * (0.75 - 1 / (1 + Math.exp(-2 * weight)))).toBeCloseTo(model.penalty * weight, 8);
	expect(model.fittedOn).toBe(4);
});

test("what tells the ground truth gets weight, noise and constants get little or none", () => {
	const draw = seededDraw(5);
	const noise = () => draw() / 2 ** 32;
	const examples = Array.from({ length: 300 }, () => {
		const target = draw() % 6;
		const pool = Array.from({ length: 6 }, (_, place) => [place === target ? 0.6 + noise() : noise(), noise(), 7]);
		return { pool, target };
	});
	const model = fitReranker(rowsOf(examples));
	const [telling = 0, idle = 0, constant = 1] = model?.weights ?? [];
	expect(telling).toBeGreaterThan(1);
	expect(Math.abs(idle)).toBeLessThan(0.3);
	expect(constant).toBeCloseTo(0, 12);
	expect(model?.crossValidation.map(({ penalty }) => penalty)).toEqual([1, 0.1, 0.01, 0.001, 0.0001]);
	const losses = model?.crossValidation.map(({ loss }) => loss) ?? [];
	expect(model?.crossValidation.find(({ penalty }) => penalty === model.penalty)?.loss).toBe(Math.min(...losses));
	// Below the loss of a guess among six.
	expect(Math.min(...losses)).toBeLessThan(Math.log(6) * 0.8);
});

test("the same rows give the same model, and examples whose pool lacks the truth are not fitted on", () => {
	const examples = [
		{
			pool: [
				[1, 0],
				[0, 1],
				[0, 0],
			],
			target: 0,
		},
		{
			pool: [
				[0, 1],
				[1, 0],
			],
			target: 1,
		},
		{
			pool: [
				[0, 1],
				[1, 1],
			],
			target: 1,
		},
		{
			pool: [
				[0.5, 1],
				[1, 0.2],
			],
			target: 0,
		},
		{ pool: [[9, 9]], target: -1 },
	];
	const first = fitReranker(rowsOf(examples));
	expect(first?.fittedOn).toBe(4);
	expect(fitReranker(rowsOf(examples))).toEqual(first);
	expect(fitReranker(rowsOf([{ pool: [[1, 2]], target: -1 }]))).toBeNull();
});

test("two features that say the same share their weight", () => {
	const examples = Array.from({ length: 20 }, (_, index) => ({
		pool: [
			[1, 1],
			[0, 0],
		],
		target: index % 4 === 0 ? 1 : 0,
	}));
	const [a = 0, b = 1] = fitReranker(rowsOf(examples))?.weights ?? [];
	expect(a).toBeGreaterThan(0);
	expect(a).toBeCloseTo(b, 8);
});

test("a pool is ordered by scaled features times weights, ties by id", () => {
	const model = { deviations: [2, 1], weights: [1, -1] };
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

test("a positive definite system is solved", () => {
	// [[4, 2], [2, 3]] x = [8, 8] has x = [1, 2].
	const solution = solvePositive(Float64Array.from([4, 0, 2, 3]), Float64Array.from([8, 8]));
	expect([...solution].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, 2]);
});
