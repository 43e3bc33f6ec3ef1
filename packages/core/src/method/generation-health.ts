/** One test generation, with what is needed to judge it. */
export interface JudgedGeneration {
	itemId: number | null;
	title: string | null;
	/** Set when the text was not of the form asked for. */
	failure: string | null;
	/** The candidates as the prompt showed them; empty when it showed none. */
	candidates: readonly number[];
	targetItem: number;
	/** Whether the catalogue holds the generated id. */
	inCatalogue: boolean;
	/** Catalogue title of the generated id as prompts write it (`plainText`), or null. */
	titleOfId: string | null;
	/** Whether the generated title is, word for word, a title of the catalogue. */
	titleInCatalogue: boolean;
}

/** Shares are of all generations unless said otherwise; null where there is nothing to take a share of. */
export interface GenerationHealth {
	count: number;
	malformedShare: number | null;
	/** Of the generations with an id: ids that the catalogue does not hold. */
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
	};
	for (const row of rows) {
		const { itemId, candidates, targetItem } = row;
		counts.all += 1;
		if (row.failure !== null) counts.malformed += 1;
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
	};
}
