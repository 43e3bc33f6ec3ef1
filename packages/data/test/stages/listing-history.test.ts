import { expect, test } from "vitest";
import { ListingHistory } from "../../src/stages/listing-history";

test("best position comes first, then what was shown most often, then the smaller id", () => {
	const history = new ListingHistory(3);
	const shown: [item: number, position: number][] = [
		[9, 2],
		[7, 2],
		[7, 3],
		[5, 2],
		[4, 8],
		[9, 1],
	];
	for (const [item, position] of shown) history.add({ item, position, at: 1, user: null });
	expect(history.listing(1, true)).toEqual([9, 7, 5]);
});

test("without positions what was bought most often comes first", () => {
	const history = new ListingHistory(9);
	for (const item of [3, 8, 8, 2]) history.add({ item, position: null, at: 1, user: 5 });
	expect(history.listing(1, true)).toEqual([8, 2, 3]);
});

test("a shopper's own rows count only where both have a time", () => {
	const history = new ListingHistory(9);
	history.add({ item: 1, position: 1, at: null, user: 5 });
	history.add({ item: 2, position: 2, at: 7, user: 5 });
	history.add({ item: 3, position: 3, at: null, user: 6 });
	expect(history.listing(5, true)).toEqual([2, 3]);
	expect(history.listing(5, false)).toEqual([3]);
	expect(history.listing(6, true)).toEqual([1, 2]);
	expect(history.listing(7, false)).toEqual([1, 2, 3]);
});

test("a listing that was handed out does not change when more is shown", () => {
	const history = new ListingHistory(9);
	history.add({ item: 1, position: 2, at: 1, user: null });
	const early = history.listing(5, true);
	history.add({ item: 2, position: 1, at: 2, user: null });
	expect(early).toEqual([1]);
	expect(history.listing(5, true)).toEqual([2, 1]);
});
