import type { ExportedShopper } from "@atelier/core";
import type { Database } from "@atelier/db";

/** Rows of one statement: with lists of a hundred, a page is less than a megabyte. */
const PAGE = 250;
/** Keys of items that are remembered from page to page; a catalogue may have a million. */
const MOST_KEYS = 100_000;

export type ShopperOfRun = Omit<ExportedShopper, "scores" | "attributes"> & { exampleId: number };

interface Row {
	exampleId: number;
	userKey: string;
	groundTruth: number;
	rank: number | null;
	items: number[];
	cold: boolean;
}

/** All test shoppers of a run, a page at a time, by the number of their example. */
export async function* shopperPages(
	db: Database,
	run: { id: string; datasetId: string; split: string },
): AsyncGenerator<ShopperOfRun[]> {
	const keys = new Map<number, string>();
	let after = -1;
	for (;;) {
		const rows = await db.$queryRaw<Row[]>`
			SELECT p.example_id AS "exampleId", e.user_key AS "userKey", p.ground_truth AS "groundTruth", p.rank, p.items, p.cold
			FROM prediction p JOIN example e ON e.stage_key = ${run.split} AND e.example_id = p.example_id
			WHERE p.run_id = ${run.id} AND p.example_id > ${after} ORDER BY p.example_id LIMIT ${PAGE}`;
		const last = rows.at(-1);
		if (last === undefined) return;
		after = last.exampleId;
		await learnKeys(db, run.datasetId, keys, rows);
		const keyOf = (item: number) => keys.get(item) ?? "";
		yield rows.map(({ exampleId, userKey, groundTruth, rank, items, cold }) => {
			return { exampleId, userId: userKey, groundTruth: keyOf(groundTruth), rank, items: items.map(keyOf), cold };
		});
	}
}

async function learnKeys(db: Database, datasetId: string, keys: Map<number, string>, rows: readonly Row[]) {
	if (keys.size > MOST_KEYS) keys.clear();
	const wanted = new Set(rows.flatMap(({ groundTruth, items }) => [groundTruth, ...items]));
	const missing = [...wanted].filter((item) => !keys.has(item));
	if (missing.length === 0) return;
	const found = await db.$queryRaw<{ itemId: number; itemKey: string }[]>`
		SELECT item_id AS "itemId", item_key AS "itemKey" FROM item WHERE dataset_id = ${datasetId} AND item_id = ANY(${missing})`;
	for (const { itemId, itemKey } of found) keys.set(itemId, itemKey);
}
