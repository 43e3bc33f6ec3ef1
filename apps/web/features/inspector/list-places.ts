import type { Recommendation } from "./inspector-types";

export interface ListPlace {
	list: "memory" | "id" | "title";
	/** 1-based. */
	place: number;
}

type Lists = Pick<Recommendation, "candidates" | "idList" | "titleList">;

/** Where a product stands among the candidates and in the lists shown; nothing for a list that does not show it. */
export function listPlaces({ candidates, idList, titleList }: Lists, itemId: number): ListPlace[] {
	const lists = [
		{ list: "memory" as const, items: candidates.map(({ item }) => item) },
		{ list: "id" as const, items: idList },
		{ list: "title" as const, items: titleList },
	];
	return lists
		.map(({ list, items }) => ({ list, place: items.findIndex((item) => item.itemId === itemId) + 1 }))
		.filter(({ place }) => place > 0);
}
