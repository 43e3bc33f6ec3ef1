import type { Database, Item } from "@atelier/db";
import { z } from "zod";

const attributesOf = z.record(z.string(), z.string()).catch({});

export function toItem(item: Item) {
	return {
		itemId: item.itemId,
		itemKey: item.itemKey,
		title: item.title,
		attributes: attributesOf.parse(item.attributes),
		family: item.family,
		price: item.price,
	};
}
export type ItemRow = ReturnType<typeof toItem>;

/** The named items of a dataset, by id; one statement however many. */
export async function itemsById(db: Database, datasetId: string, ids: Iterable<number>): Promise<Map<number, ItemRow>> {
	const wanted = [...new Set(ids)];
	if (wanted.length === 0) return new Map();
	const rows = await db.item.findMany({ where: { datasetId, itemId: { in: wanted } } });
	return new Map(rows.map((row) => [row.itemId, toItem(row)]));
}

/** An id as an item; ids that a model made up, or that are gone, stand as an item without a title. */
export function itemOr(items: ReadonlyMap<number, ItemRow>, itemId: number): ItemRow {
	return items.get(itemId) ?? { itemId, itemKey: "", title: "", attributes: {}, family: null, price: null };
}
