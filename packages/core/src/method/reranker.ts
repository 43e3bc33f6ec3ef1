import { solvePositive } from "./linear-solve";

/** Pools of several examples as one matrix. */
export interface RankingRows {
	/** Row-major, `features` numbers a row. */
	values: Float64Array;
	features: number;
	/** First row of each example, and at the end the number of rows. */
	starts: Uint32Array;
	/** Row of each example's ground truth; -1 where its pool lacks it. */
	targets: Int32Array;
}

/**
 * A linear ranking model: an item's score is its features, each over its deviation, times the weights. Means need not be
 * taken off: they shift all scores of a pool alike.
 */
export interface Reranker {
	/** Of each feature over the rows that the model was fitted on. */
	deviations: number[];
	weights: number[];
	/** Strength of the L2 penalty, and how each strength did in cross-validation (mean negative log-likelihood). */
	penalty: number;
	crossValidation: { penalty: number; loss: number }[];
	/** Examples whose pool holds the ground truth; the others say nothing to a model that orders pools. */
	fittedOn: number;
}

/** Strongest first, so that each fit starts from the one before. */
const PENALTIES = [1, 0.1, 0.01, 0.001, 0.0001] as const;
const FOLDS = 5;

/**
 * Listwise softmax regression (ListNet's top-one likelihood with one relevant item, Cao et al. 2007): the weights that
 * make the ground truths most likely among their pools, by Newton's method on all rows, which has one answer. The L2
 * penalty is the one with the least loss in five-fold cross-validation over examples. `rows.values` is scaled in place.
 *
 * @returns null when no pool holds its ground truth.
 */
export function fitReranker(rows: RankingRows): Reranker | null {
	const usable = [...rows.targets.keys()].filter((example) => (rows.targets[example] ?? -1) >= 0);
	if (usable.length === 0) return null;
	const deviations = scale(rows);
	const folds = Math.min(FOLDS, usable.length);
	const losses = new Map<number, number>(PENALTIES.map((penalty) => [penalty, 0]));
	for (let fold = 0; fold < folds && folds > 1; fold += 1) {
		const kept = usable.filter((_, place) => place % folds !== fold);
		const held = usable.filter((_, place) => place % folds === fold);
		let weights: Float64Array = new Float64Array(rows.features);
		for (const penalty of PENALTIES) {
			weights = fitWeights(rows, kept, penalty, weights, NEARLY_FLAT);
			losses.set(penalty, (losses.get(penalty) ?? 0) + (held.length * lossOf(rows, held, weights)) / usable.length);
		}
	}
	const crossValidation = [...losses].map(([penalty, loss]) => ({ penalty, loss }));
	// Where two are equal, the stronger one, which stands first.
	const best = crossValidation.reduce((least, one) => (one.loss < least.loss ? one : least));
	const weights = fitWeights(rows, usable, best.penalty, new Float64Array(rows.features), FLAT);
	return {
		deviations: [...deviations],
		weights: [...weights],
		penalty: best.penalty,
		crossValidation,
		fittedOn: usable.length,
	};
}

/** A pool's items by the model's score, best first; equal scores by the smaller id. */
export function rerank(
	{ deviations, weights }: Pick<Reranker, "deviations" | "weights">,
	pool: readonly number[],
	values: Float64Array,
): number[] {
	const features = weights.length;
	const scored = pool.map((item, row) => {
		let score = 0;
		for (let f = 0; f < features; f += 1) {
			score += ((values[row * features + f] ?? 0) / (deviations[f] ?? 1)) * (weights[f] ?? 0);
		}
		return { item, score };
	});
	return scored.sort((a, b) => b.score - a.score || a.item - b.item).map(({ item }) => item);
}

/** Divides each feature by its deviation; one that never varies keeps the deviation 1, and gets no weight. */
function scale({ values, features }: RankingRows): Float64Array {
	const count = values.length / features;
	const deviations = new Float64Array(features);
	for (let f = 0; f < features; f += 1) {
		let sum = 0;
		for (let at = f; at < values.length; at += features) sum += values[at] ?? 0;
		const mean = sum / count;
		let squares = 0;
		for (let at = f; at < values.length; at += features) squares += ((values[at] ?? 0) - mean) ** 2;
		const deviation = Math.sqrt(squares / count);
		deviations[f] = deviation < 1e-9 ? 1 : deviation;
		for (let at = f; at < values.length; at += features) values[at] = (values[at] ?? 0) / (deviations[f] ?? 1);
	}
	return deviations;
}

const MOST_STEPS = 50;
/** Slopes below which a fit is done: for a penalty's loss a few digits do, the model itself is exact. */
const NEARLY_FLAT = 1e-4;
const FLAT = 1e-9;

/** Newton's method with step halving; the penalty keeps the problem strictly convex. */
function fitWeights(
	rows: RankingRows,
	examples: readonly number[],
	penalty: number,
	start: Float64Array,
	flat: number,
): Float64Array {
	let weights = start;
	let state = derivatives(rows, examples, weights, penalty);
	for (let step = 0; step < MOST_STEPS; step += 1) {
		if (state.gradient.every((slope) => Math.abs(slope) < flat)) break;
		const direction = solvePositive(state.hessian, state.gradient);
		let next = weights;
		let share = 1;
		let loss = Number.POSITIVE_INFINITY;
		for (; share > 1e-6; share /= 2) {
			next = weights.map((weight, f) => weight - share * (direction[f] ?? 0));
			loss = lossOf(rows, examples, next) + penaltyOf(next, penalty);
			if (loss < state.loss) break;
		}
		// No step helps any more: the numbers are as exact as they get.
		if (!(loss < state.loss)) break;
		weights = next;
		state = derivatives(rows, examples, weights, penalty);
	}
	return weights;
}

function penaltyOf(weights: Float64Array, penalty: number): number {
	return (penalty / 2) * weights.reduce((sum, weight) => sum + weight * weight, 0);
}

/** Mean negative log-likelihood of the ground truths. */
function lossOf(rows: RankingRows, examples: readonly number[], weights: Float64Array): number {
	let loss = 0;
	for (const example of examples) {
		const { logSum, scores, first } = softmax(rows, example, weights);
		loss += logSum - (scores[(rows.targets[example] ?? 0) - first] ?? 0);
	}
	return loss / Math.max(1, examples.length);
}

function softmax({ values, features, starts }: RankingRows, example: number, weights: Float64Array) {
	const first = starts[example] ?? 0;
	const count = (starts[example + 1] ?? first) - first;
	const scores = new Float64Array(count);
	let highest = Number.NEGATIVE_INFINITY;
	for (let row = 0; row < count; row += 1) {
		let score = 0;
		const at = (first + row) * features;
		for (let f = 0; f < features; f += 1) score += (values[at + f] ?? 0) * (weights[f] ?? 0);
		scores[row] = score;
		if (score > highest) highest = score;
	}
	let sum = 0;
	for (let row = 0; row < count; row += 1) sum += Math.exp((scores[row] ?? 0) - highest);
	return { scores, first, count, logSum: highest + Math.log(sum) };
}

/** Loss with penalty, its gradient and its Hessian (row-major). */
function derivatives(rows: RankingRows, examples: readonly number[], weights: Float64Array, penalty: number) {
	const { values, features, targets } = rows;
	const gradient = new Float64Array(features);
	const hessian = new Float64Array(features * features);
	const mean = new Float64Array(features);
	// Most features of most items are 0 (a list that lacks the item, no likelihood): only the others are multiplied.
	const present = new Int32Array(features);
	const share = 1 / Math.max(1, examples.length);
	let loss = 0;
	for (const example of examples) {
		const { scores, first, count, logSum } = softmax(rows, example, weights);
		const target = targets[example] ?? 0;
		loss += (logSum - (scores[target - first] ?? 0)) * share;
		mean.fill(0);
		for (let row = 0; row < count; row += 1) {
			const probability = Math.exp((scores[row] ?? 0) - logSum);
			const at = (first + row) * features;
			let count = 0;
			for (let f = 0; f < features; f += 1) if (values[at + f] !== 0) present[count++] = f;
			for (let i = 0; i < count; i += 1) {
				const f = present[i] ?? 0;
				const weighted = probability * (values[at + f] ?? 0);
				mean[f] = (mean[f] ?? 0) + weighted;
				const line = f * features;
				const shared = weighted * share;
				for (let j = 0; j <= i; j += 1) {
					const g = present[j] ?? 0;
					hessian[line + g] = (hessian[line + g] ?? 0) + shared * (values[at + g] ?? 0);
				}
			}
		}
		for (let f = 0; f < features; f += 1) {
			gradient[f] = (gradient[f] ?? 0) + ((mean[f] ?? 0) - (values[target * features + f] ?? 0)) * share;
			for (let g = 0; g <= f; g += 1) {
				const cell = f * features + g;
				hessian[cell] = (hessian[cell] ?? 0) - (mean[f] ?? 0) * (mean[g] ?? 0) * share;
			}
		}
	}
	for (let f = 0; f < features; f += 1) {
		gradient[f] = (gradient[f] ?? 0) + penalty * (weights[f] ?? 0);
		hessian[f * features + f] = (hessian[f * features + f] ?? 0) + penalty;
	}
	return { loss: loss + penaltyOf(weights, penalty), gradient, hessian };
}
