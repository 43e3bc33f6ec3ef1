import type { ParseFailure } from "./parse";
import { signTest } from "./sign-test";

/** One test generation, with what is needed to judge it. */
export interface JudgedGeneration {
	itemId: number | null;
	/** As prompts write it (`plainText`), like all titles here. */
	title: string | null;
	/** As `parseGeneration` names it; null where the text is of the form asked for. */
	failure: ParseFailure | null;
	/** The candidates as the prompt showed them; empty when it showed none. */
	candidates: readonly number[];
	targetItem: number;
	/** Whether the catalogue holds the generated id. */
	inCatalogue: boolean;
	/** Catalogue title of the generated id or null. */
	titleOfId: string | null;
	/** Whether the generated title is, word for word, a title of the catalogue. */
	titleInCatalogue: boolean;
}

/** Shares are of all generations unless said otherwise; null where there is nothing to take a share of. */
export interface GenerationHealth {
	count: number;
	malformedShare: number | null;
	/** Of the generations with an id of the right form: ids that name nothing in the catalogue. */
	offCatalogueShare: number | null;
	/** Answers that are simply candidate 1: an untrained model's habit. */
	firstCandidateShare: number | null;
	/** Answers that are some candidate. */
	candidateShare: number | null;
	/** How often the target stands among the candidates. */
	targetIsCandidateShare: number | null;
	/** Of those, how often the answer is the target … */
	accuracyWhenCandidate: number | null;
	/** … and how often always taking candidate 1 would have been. The model earns its place above this. */
	firstIsTargetWhenCandidate: number | null;
	/** Answers whose id is the target. */
	accuracy: number | null;
	/** Of the generations with a title: copies of the title that the generated id has. */
	titleCopiesIdShare: number | null;
	/** Of the generations with a title: copies of any title in the catalogue. */
	titleCopiesCatalogueShare: number | null;
	/** Of the generations with a title: texts that are no title of the catalogue. */
	titleOffCatalogueShare: number | null;
	/** Of the generations with a title: the catalogue title of another product than the generated id's. */
	titleOfAnotherShare: number | null;
}

/** What the model's answers look like before retrieval smooths them over. */
export function generationHealth(rows: Iterable<JudgedGeneration>): GenerationHealth {
	const counts = {
		all: 0,
		malformed: 0,
		withId: 0,
		offCatalogue: 0,
		withCandidates: 0,
		first: 0,
		candidate: 0,
		reachable: 0,
		reached: 0,
		firstIsTarget: 0,
		correct: 0,
		withTitle: 0,
		copiesId: 0,
		copiesCatalogue: 0,
		ofAnother: 0,
	};
	for (const row of rows) {
		const { itemId, candidates, targetItem } = row;
		counts.all += 1;
		if (row.failure === "unknown-id") {
			counts.withId += 1;
			counts.offCatalogue += 1;
		} else if (row.failure !== null) counts.malformed += 1;
		if (itemId === targetItem) counts.correct += 1;
		if (itemId !== null) {
			counts.withId += 1;
			if (!row.inCatalogue) counts.offCatalogue += 1;
		}
		if (candidates.length > 0) {
			counts.withCandidates += 1;
			if (itemId === candidates[0]) counts.first += 1;
			if (itemId !== null && candidates.includes(itemId)) counts.candidate += 1;
		}
		if (candidates.includes(targetItem)) {
			counts.reachable += 1;
			if (itemId === targetItem) counts.reached += 1;
			if (candidates[0] === targetItem) counts.firstIsTarget += 1;
		}
		if (row.title !== null) {
			counts.withTitle += 1;
			if (row.title === row.titleOfId) counts.copiesId += 1;
			if (row.titleInCatalogue) counts.copiesCatalogue += 1;
			if (row.titleInCatalogue && row.titleOfId !== null && row.title !== row.titleOfId) counts.ofAnother += 1;
		}
	}
	const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
	return {
		count: counts.all,
		malformedShare: share(counts.malformed, counts.all),
		offCatalogueShare: share(counts.offCatalogue, counts.withId),
		firstCandidateShare: share(counts.first, counts.withCandidates),
		candidateShare: share(counts.candidate, counts.withCandidates),
		targetIsCandidateShare: share(counts.reachable, counts.all),
		accuracyWhenCandidate: share(counts.reached, counts.reachable),
		firstIsTargetWhenCandidate: share(counts.firstIsTarget, counts.reachable),
		accuracy: share(counts.correct, counts.all),
		titleCopiesIdShare: share(counts.copiesId, counts.withTitle),
		titleCopiesCatalogueShare: share(counts.copiesCatalogue, counts.withTitle),
		titleOffCatalogueShare: share(counts.withTitle - counts.copiesCatalogue, counts.withTitle),
		titleOfAnotherShare: share(counts.ofAnother, counts.withTitle),
	};
}

/** Whether the model chooses among candidates better than always taking the first would. */
export interface CandidateVerdict {
	verdict: "better" | "worse" | "undecided";
	/** Examples whose target is a candidate … */
	count: number;
	/** … that the model alone gets right, … */
	modelOnly: number;
	/** … and that the first candidate alone gets right. */
	firstOnly: number;
	/** Two-sided p of McNemar's exact test (McNemar 1947): of the two above, how even a coin would have to be. */
	p: number;
}

const LEVEL = 0.05;

/** McNemar's exact test of the model's answers against the first candidates, over examples whose target is a candidate. */
export function candidateVerdict(rows: Iterable<JudgedGeneration>): CandidateVerdict {
	let count = 0;
	let modelOnly = 0;
	let firstOnly = 0;
	for (const { itemId, candidates, targetItem } of rows) {
		if (!candidates.includes(targetItem)) continue;
		count += 1;
		const isModelRight = itemId === targetItem;
		const isFirstRight = candidates[0] === targetItem;
		if (isModelRight && !isFirstRight) modelOnly += 1;
		if (isFirstRight && !isModelRight) firstOnly += 1;
	}
	const p = signTest(modelOnly, firstOnly);
	const verdict = p >= LEVEL ? "undecided" : modelOnly > firstOnly ? "better" : "worse";
	return { verdict, count, modelOnly, firstOnly, p };
}
