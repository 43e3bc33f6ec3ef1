import type { ItemFacts } from "@atelier/core";
import { z } from "zod";
import { type DuckDb, parquet } from "../duckdb";

const itemRow = z.object({ item_id: z.number(), family: z.number(), events: z.number() });
const sizeRow = z.object({ largest: z.number() });

/** Family and training events of every item: eight bytes an item. An item without a family is one of its own. */
export async function itemFactsOf(
	db: DuckDb,
	{ dataset, split }: { dataset: string; split: string },
): Promise<ItemFacts> {
	const items = parquet(dataset, "items.parquet");
	const { largest } = await db.one(sizeRow, `SELECT coalesce(max(item_id), 0)::DOUBLE AS largest FROM ${items}`);
	const families = new Int32Array(largest + 1);
	const counts = new Int32Array(largest + 1);
	const query = `SELECT i.item_id, coalesce(f.family, -i.item_id) AS family, coalesce(e.events, 0)::INTEGER AS events FROM ${items} i
		LEFT JOIN (SELECT family AS name, min(item_id) AS family FROM ${items} WHERE family IS NOT NULL GROUP BY name) f
			ON f.name = i.family
		LEFT JOIN (SELECT item_id, count(*) AS events FROM ${parquet(split, "events.parquet")}
			WHERE train AND item_id IS NOT NULL GROUP BY item_id) e ON e.item_id = i.item_id`;
	for await (const rows of db.batches(itemRow, query)) {
		for (const { item_id, family, events } of rows) {
			families[item_id] = family;
			counts[item_id] = events;
		}
	}
	return { familyOf: (item) => families[item] ?? -item, trainCount: (item) => counts[item] ?? 0 };
}
