import { expect, test } from "vitest";
import { type LogEvent, sessionStarts, splitSequence } from "../../src";

const HOUR = 3_600_000;
const search = (hours: number | null): LogEvent => ({
	action: "search",
	itemId: null,
	at: hours === null ? null : hours * HOUR,
});
const click = (itemId: number, hours: number | null): LogEvent => ({ ...search(hours), action: "click", itemId });
const purchase = (itemId: number, hours: number | null): LogEvent => ({ ...search(hours), action: "purchase", itemId });

test("a session starts after a purchase and after 24 idle hours", () => {
	expect(sessionStarts([search(0), click(1, 23), click(2, 47), purchase(3, 48), search(49)])).toEqual([0, 0, 2, 2, 4]);
	expect(sessionStarts([search(null), purchase(3, null), search(null), click(1, null)])).toEqual([0, 0, 2, 2]);
});

test("three purchases give one example of each kind, and clicks on bought items go", () => {
	const events = [search(0), click(9, 1), purchase(1, 2), click(3, 3), purchase(2, 4), search(40), purchase(3, 41)];
	expect(splitSequence(events)).toEqual({
		kept: [true, true, true, false, true, true, true],
		train: [true, true, true, false, false, false, false],
		examples: [
			{ target: 2, split: "train", session: 0, search: 0 },
			{ target: 4, split: "valid", session: 3, search: null },
			{ target: 6, split: "test", session: 5, search: 5 },
		],
	});
});

test("a purchase with nothing before it is no example", () => {
	expect(splitSequence([purchase(1, null), purchase(2, null)]).examples).toEqual([
		{ target: 1, split: "test", session: 1, search: null },
	]);
	expect(splitSequence([click(1, 0), purchase(1, 1)]).examples).toEqual([]);
	expect(splitSequence([search(0), purchase(1, 1)]).examples).toMatchObject([{ split: "train" }]);
});

test("by time a shopper's last purchase of each held-out part is predicted, the others are not", () => {
	const cut = { validFrom: 10 * HOUR, testFrom: 20 * HOUR };
	const events = [
		search(0),
		purchase(1, 5),
		click(9, 10),
		purchase(2, 12),
		purchase(3, 13),
		search(20),
		purchase(4, 21),
		purchase(5, 22),
	];
	const { examples, train } = splitSequence(events, cut);
	expect(examples.map(({ target, split }) => [target, split])).toEqual([
		[1, "train"],
		[4, "valid"],
		[7, "test"],
	]);
	expect(train).toEqual([true, true, false, false, false, false, false, false]);
});
