import { describe, expect, it } from "vitest";
import { readingEntries, readingNotes } from "./prepare-reading";

const summary = {
	firstAt: "2023-11-14T22:13:20.000Z",
	lastAt: "2023-11-15T22:13:20.000Z",
	eventsPerUser: { median: 1.5, most: 1200 },
	withTitle: 1,
	withAttributes: 0.5,
	odd: ["all events have the same time"],
};

describe("how a log was read", () => {
	it("shows times, events a user and what items have", () => {
		const entries = readingEntries({ hasTimes: true, summary, warned: {} });
		expect(entries.map(({ key }) => key)).toEqual([
			"First event",
			"Last event",
			"Events a user",
			"Items with a title",
			"Items with attributes",
		]);
		expect(entries.at(2)?.value).toBe("1.5 median, 1,200 most");
	});

	it("an import of an earlier version shows what is known of it", () => {
		expect(readingEntries({ hasTimes: false, summary: null, warned: {} })).toEqual([
			{ key: "Times", value: "order only" },
		]);
	});

	it("names what is odd and what was left out, with how often", () => {
		const warned = { "price is not one amount and is left empty": 3 };
		expect(readingNotes({ hasTimes: true, summary, warned })).toEqual([
			"All events have the same time.",
			"Price is not one amount and is left empty (3 ×).",
		]);
	});
});
