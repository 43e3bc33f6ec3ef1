import type { Item, Recommendation } from "./inspector-types";

export interface ComparedPlace {
	item: Item;
	origin: string;
	/** 1-based place in the new list. */
	place: number;
	/** 1-based place in the list before; null for an item that came in. */
	was: number | null;
}

export interface Comparison {
	rank: { before: number | null; after: number | null };
	list: ComparedPlace[];
	/** Items of the list before that are not in the new one, by their place there. */
	left: { item: Item; was: number }[];
	/** How many of the new list came in. */
	entered: number;
	/** How many stand in both at another place. */
	moved: number;
}

type Compared = Pick<Recommendation, "final" | "rank">;

/** What became of the final list; lists may repeat an item (literal mixup), whose first place counts. */
export function prepareComparison(before: Compared, after: Compared): Comparison {
	const placeBefore = firstPlaces(before);
	const placeAfter = firstPlaces(after);
	const list = after.final.map(({ item, origin }, index) => ({
		item,
		origin,
		place: index + 1,
		was: placeBefore.get(item.itemId) ?? null,
	}));
	return {
		rank: { before: before.rank, after: after.rank },
		list,
		left: before.final.flatMap(({ item }, index) =>
			placeAfter.has(item.itemId) || placeBefore.get(item.itemId) !== index + 1 ? [] : [{ item, was: index + 1 }],
		),
		entered: list.filter(({ was }) => was === null).length,
		moved: list.filter(({ was, place }) => was !== null && was !== place).length,
	};
}

function firstPlaces({ final }: Compared): Map<number, number> {
	const places = new Map<number, number>();
	final.forEach(({ item }, index) => {
		if (!places.has(item.itemId)) places.set(item.itemId, index + 1);
	});
	return places;
}

/** `3 items came in, 3 left, 2 moved.`, or that nothing did. */
export function describeComparison({ entered, moved, left }: Comparison): string {
	if (entered + moved + left.length === 0) return "The final list is the same.";
	const parts = [
		entered === 0 ? null : `${entered} came in`,
		left.length === 0 ? null : `${left.length} left`,
		moved === 0 ? null : `${moved} moved`,
	];
	return `${parts.filter((part) => part !== null).join(", ")}.`;
}
