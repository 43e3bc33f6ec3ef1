import { expect, test } from "vitest";
import { candidateVerdict, generationHealth, type JudgedGeneration, signTest } from "../../src";

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
		titleOffCatalogueShare: 1 / 5,
		// The third answer: "Boot" is a title, but not that of item 4.
		titleOfAnotherShare: 1 / 5,
	});
});

test("a share of nothing is null, not zero", () => {
	expect(generationHealth([])).toMatchObject({ count: 0, malformedShare: null, accuracyWhenCandidate: null });
});

test("an id of the right form that names nothing is off the catalogue, not malformed", () => {
	const unknown = { ...good, itemId: null, failure: "unknown-id" as const, inCatalogue: false, titleOfId: null };
	expect(generationHealth([good, unknown])).toMatchObject({
		malformedShare: 0,
		offCatalogueShare: 1 / 2,
		titleOfAnotherShare: 0,
	});
});

test("the model earns its place only where it beats the first candidate beyond chance", () => {
	const right = good;
	const first = { ...good, itemId: 4, targetItem: 4 };
	const lost = { ...good, itemId: 5, targetItem: 4 };
	const unreachable = { ...good, targetItem: 99 };
	const times = (row: JudgedGeneration, count: number) => Array.from({ length: count }, () => row);
	// Five against none: p = 2 / 32.
	expect(candidateVerdict([...times(right, 5), ...times(first, 40), ...times(unreachable, 9)])).toEqual({
		verdict: "undecided",
		count: 45,
		modelOnly: 5,
		firstOnly: 0,
		p: 2 / 32,
	});
	expect(candidateVerdict(times(right, 6)).verdict).toBe("better");
	expect(candidateVerdict([...times(lost, 6), ...times(first, 40)])).toMatchObject({ verdict: "worse", firstOnly: 6 });
	expect(candidateVerdict([])).toMatchObject({ verdict: "undecided", count: 0, p: 1 });
});

test("the sign test is exact, and holds for many throws", () => {
	expect(signTest(0, 0)).toBe(1);
	expect(signTest(4, 4)).toBe(1);
	// (1 + 10 + 45) / 1024, twice.
	expect(signTest(2, 8)).toBeCloseTo(112 / 1024, 12);
	expect(signTest(8, 2)).toBeCloseTo(112 / 1024, 12);
	// Normal approximation with continuity: z = (4999.5 - 4900) / 50 = 1.99, p = .0466.
	expect(signTest(4900, 5100)).toBeCloseTo(0.0466, 3);
	expect(signTest(0, 5000)).toBe(0);
});
