import { expect, test } from "vitest";
import { generationHealth, type JudgedGeneration } from "../../src";

const good: JudgedGeneration = {
	itemId: 5,
	title: "Boot",
	failure: null,
	candidates: [4, 5, 6],
	targetItem: 5,
	inCatalogue: true,
	titleOfId: "Boot",
	titleInCatalogue: true,
};

test("health tells choosing from copying the first candidate", () => {
	const health = generationHealth([
		good,
		{ ...good, itemId: 4 },
		{ ...good, itemId: 4, targetItem: 4, titleOfId: "Ankle boot" },
		{ ...good, itemId: 4, targetItem: 9, title: "Bo", titleInCatalogue: false },
		{ ...good, itemId: 77, inCatalogue: false, titleOfId: null, candidates: [] },
		{ ...good, itemId: null, title: null, failure: "no-id", titleOfId: null, titleInCatalogue: false },
	]);
	expect(health).toEqual({
		count: 6,
		malformedShare: 1 / 6,
		offCatalogueShare: 1 / 5,
		firstCandidateShare: 3 / 5,
		candidateShare: 4 / 5,
		targetIsCandidateShare: 4 / 6,
		accuracyWhenCandidate: 2 / 4,
		firstIsTargetWhenCandidate: 1 / 4,
		accuracy: 2 / 6,
		titleCopiesIdShare: 2 / 5,
		titleCopiesCatalogueShare: 4 / 5,
	});
});

test("a share of nothing is null, not zero", () => {
	expect(generationHealth([])).toMatchObject({ count: 0, malformedShare: null, accuracyWhenCandidate: null });
});
