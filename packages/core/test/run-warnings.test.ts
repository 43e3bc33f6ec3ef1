import { describe, expect, it } from "vitest";
import { addWarnings, evaluationWarnings, runWarnings, warningNotes } from "../src";

const codesOf = (facts: Parameters<typeof evaluationWarnings>[0]) => evaluationWarnings(facts).map(({ code }) => code);

describe("the size of an evaluation", () => {
	it("is warned of where every list holds the whole catalogue, and where chance is often right", () => {
		expect(evaluationWarnings({ items: 7, k: 10, examples: 500 })).toEqual([
			{
				code: "small-catalogue",
				message: "Catalogue of 7 items: every list of 10 holds them all, so Recall@10 says nothing",
			},
		]);
		expect(codesOf({ items: 10, k: 10, examples: 500 })).toEqual(["small-catalogue"]);
		expect(evaluationWarnings({ items: 40, k: 10, examples: 500 })[0]?.message).toMatch(/random order .* 0\.25$/);
	});
	it("is warned of where hardly anybody was tested", () => {
		expect(evaluationWarnings({ items: 1000, k: 10, examples: 1 })[0]?.message).toMatch(/^Measured on 1 test example:/);
		expect(codesOf({ items: 1, k: 10, examples: 9 })).toEqual(["small-catalogue", "few-examples"]);
	});
	it("says nothing of an ordinary one", () => {
		expect(evaluationWarnings({ items: 500, k: 10, examples: 300 })).toEqual([]);
		expect(evaluationWarnings({ items: null, k: 10, examples: 300 })).toEqual([]);
	});
});

describe("warnings", () => {
	const odd = { code: "a", message: "it is odd" };
	it("are kept once each, in order", () => {
		const other = { code: "b", message: "it is odd" };
		expect(addWarnings([odd], [other, odd, other])).toEqual([odd, other]);
	});
	it("under a table stand once with all their places", () => {
		const cells = [
			{ where: "CORE on x", warnings: [odd, { ...odd, code: "c" }] },
			{ where: "Ours on x", warnings: [odd, { code: "d", message: "Too few." }] },
		];
		expect(warningNotes(cells)).toEqual(["† CORE on x, Ours on x: it is odd.", "† Ours on x: Too few."]);
	});
	it("of a row that some other version wrote are none rather than an error", () => {
		expect(runWarnings.parse([{ words: 1 }])).toEqual([]);
	});
});
