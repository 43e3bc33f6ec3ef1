import { describe, expect, it } from "vitest";
import { ordinal, startTimes, type Waiting, waitingSentence, waitingWords } from "../src";

describe("what a run waits for, in words", () => {
	const rest = { startsInMs: null };
	it.each<[Waiting, string, string]>([
		[
			{ for: "slot", stage: "fine-tune", position: 2, of: 14, ...rest },
			"Waits for a free slot: its fine-tune is 2nd of 14 ready stages.",
			"2nd of 14",
		],
		[
			{ for: "slot", stage: "split", position: 1, of: 1, ...rest },
			"Waits for a free slot: its split is next, of 1 ready stage.",
			"next",
		],
		[
			{ for: "stage", stage: "base-model", runId: "0123456789abcdef", ...rest },
			"Waits for base-model, which runs in run 01234567.",
			"for base-model of 01234567",
		],
		[
			{ for: "trainer", stage: "baseline", hasFailed: false, detail: "torch", ...rest },
			"Its baseline waits for the trainer's Python packages, which are being installed (torch).",
			"for the trainer",
		],
	])("%j", (waiting, sentence, words) => {
		expect(waitingSentence(waiting)).toBe(sentence);
		expect(waitingWords(waiting)).toBe(words);
	});

	it("counts as English does", () => {
		expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111, 1112].map(ordinal)).toEqual(
			["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th", "1,112th"], // biome-ignore format: in one line
		);
	});
});

describe("start times", () => {
	it("each stage starts in the slot that is free first", () => {
		expect(startTimes([10, 10, 10], { busyMs: [4, 7], slots: 2 })).toEqual([4, 7, 14]);
		expect(startTimes([10, 1, 1], { busyMs: [5], slots: 2 })).toEqual([0, 5, 6]);
	});

	it("says nothing behind what is not known, once every slot is", () => {
		expect(startTimes([null, 5, null, 1], { busyMs: [], slots: 2 })).toEqual([0, 0, 5, null]);
		expect(startTimes([1], { busyMs: [null], slots: 1 })).toEqual([null]);
		expect(startTimes([1], { busyMs: [], slots: 0 })).toEqual([null]);
	});
});
