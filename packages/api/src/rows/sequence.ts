import type { Database } from "@atelier/db";
import { type ItemRow, itemOr, itemsById } from "./item";

export interface SequenceEvent {
	/** Position in the shopper's log, from 0. */
	ord: number;
	action: "search" | "click" | "purchase";
	item: ItemRow | null;
	query: string | null;
	/** The search was derived from the purchase that follows; it tells its category. */
	derived: boolean;
	at: Date | null;
}

/** A shopper's log, oldest first; empty for an unknown shopper. Two statements. */
export async function sequenceOf(db: Database, datasetId: string, userKey: string): Promise<SequenceEvent[]> {
	const rows = await db.interaction.findMany({ where: { datasetId, userKey }, orderBy: { ord: "asc" } });
	const items = await itemsById(
		db,
		datasetId,
		rows.flatMap((row) => row.itemId ?? []),
	);
	return rows.map(({ ord, action, itemId, query, derived, at }) => ({
		ord,
		action,
		item: itemId === null ? null : itemOr(items, itemId),
		query,
		derived,
		at,
	}));
}
