import { expect, it } from "vitest";
import { chartNotes, wrapped } from "./chart-notes";

it("an exported chart says what is synthetic, what its whiskers are and whose the circles are", () => {
	expect(chartNotes({ synthetic: true, queriesDerived: false, spread: "Whiskers", hasPaper: true })).toEqual([
		"Synthetic data: no shopper is behind it.",
		"Whiskers: 95 % bootstrap interval over shoppers, or one deviation over several seeds.",
		"Hollow circles: the paper's figures, on its own data; they are no target here.",
	]);
	expect(chartNotes({ synthetic: false, queriesDerived: false })).toEqual([]);
});

it("a note is broken between words, and a word that is longer stands alone", () => {
	expect(wrapped("one two three", 7)).toEqual(["one two", "three"]);
	expect(wrapped("a incomprehensible b", 6)).toEqual(["a", "incomprehensible", "b"]);
});
