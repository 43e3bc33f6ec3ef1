import type { ScoredCandidates } from "./fusion";

/** What is known of one example when its pool is ranked; nothing of it comes from the purchase or later. */
export interface RerankedExample {
	/** The lists to be fused, in the order of the names given to {@link featureNames}. */
	lists: readonly (readonly number[])[];
	candidates: ScoredCandidates;
	/** The generated id, or null. */
	generated: number | null;
	/** Items of the history, oldest first, repeats included. */
	history: readonly number[];
	/** Those of them that were clicked. */
	clicked: readonly number[];
	/** Those of them that followed a search for the same as the last one, oldest first. */
	answers: readonly number[];
}

/** What is known of items from the training part and the catalogue. */
export interface ItemFacts {
	/** A number that variants of one product share. */
	familyOf: (item: number) => number;
	/** Training events with the item. */
	trainCount: (item: number) => number;
}

/** Names of the features, in the order in which {@link writeFeatures} writes them. */
export function featureNames(lists: readonly string[]): string[] {
	return [
		...lists.map((name) => `${name}: reciprocal rank`),
		...lists.map((name) => `${name}: present`),
		"candidate",
		"log-likelihood",
		"generated id",
		"generated family",
		"family share of history",
		"family clicked",
		"popularity",
		"seen",
		"recency",
		"family recency",
		"answer recency",
		"answer family recency",
	];
}

/**
 * Features of a pool's items, one row an item, written to `into` from `offset` on.
 *
 * The log-likelihood is centred over the example's candidates, since only their order means something, and 0 for other
 * items; popularity is log(1 + training events). Recency is 1 for the newest item of the history, 1/2 for the one before
 * it, and so on by an item's (or its family's) newest place; 0 for what is not in it. Answers have the same of their own.
 */
export function writeFeatures(
	example: RerankedExample,
	pool: readonly number[],
	facts: ItemFacts,
	into: Float64Array,
	offset: number,
): void {
	const { lists, candidates, generated, history, clicked, answers } = example;
	const ranks = lists.map((list) => placesOf(list));
	const likelihood = centred(candidates);
	const families = new Map<number, number>();
	for (const item of history) {
		const family = facts.familyOf(item);
		families.set(family, (families.get(family) ?? 0) + 1);
	}
	const recency = recencyOf(history);
	const familyRecency = recencyOf(history.map((item) => facts.familyOf(item)));
	const answerRecency = recencyOf(answers);
	const answerFamilyRecency = recencyOf(answers.map((item) => facts.familyOf(item)));
	const clickedFamilies = new Set(clicked.map((item) => facts.familyOf(item)));
	const generatedFamily = generated === null ? null : facts.familyOf(generated);
	let at = offset;
	for (const item of pool) {
		for (const list of ranks) {
			const place = list.get(item);
			into[at++] = place === undefined ? 0 : 1 / (place + 1);
		}
		for (const list of ranks) into[at++] = list.has(item) ? 1 : 0;
		const family = facts.familyOf(item);
		into[at++] = likelihood.has(item) ? 1 : 0;
		into[at++] = likelihood.get(item) ?? 0;
		into[at++] = item === generated ? 1 : 0;
		into[at++] = family === generatedFamily ? 1 : 0;
		into[at++] = history.length === 0 ? 0 : (families.get(family) ?? 0) / history.length;
		into[at++] = clickedFamilies.has(family) ? 1 : 0;
		into[at++] = Math.log1p(facts.trainCount(item));
		into[at++] = recency.has(item) ? 1 : 0;
		into[at++] = recency.get(item) ?? 0;
		into[at++] = familyRecency.get(family) ?? 0;
		into[at++] = answerRecency.get(item) ?? 0;
		into[at++] = answerFamilyRecency.get(family) ?? 0;
	}
}

/** 1 / (places from the end) of each value's last place. */
function recencyOf(values: readonly number[]): Map<number, number> {
	return new Map(values.map((value, place) => [value, 1 / (values.length - place)]));
}

function placesOf(list: readonly number[]): Map<number, number> {
	const places = new Map<number, number>();
	list.forEach((item, place) => {
		if (!places.has(item)) places.set(item, place);
	});
	return places;
}

function centred({ items, logProbabilities }: ScoredCandidates): Map<number, number> {
	const known = items.flatMap((item, index) => {
		const value = logProbabilities[index];
		return value === undefined || !Number.isFinite(value) ? [] : [[item, value] as const];
	});
	const mean = known.reduce((sum, [, value]) => sum + value, 0) / Math.max(1, known.length);
	return new Map(known.map(([item, value]) => [item, value - mean]));
}
