import { z } from "zod";
import type { DuckDb } from "../duckdb";
import { type DatasetCharacteristics, unavailable } from "./characteristics-schema";
import type { LogTables } from "./log-tables";

type Comparisons = DatasetCharacteristics["comparisons"];

/** The histogram's last bin: this many products or more. */
export const LAST_BIN = 10;

const lengthRow = z.object({ interactions: z.number(), users: z.number(), clicks: z.number() });
const pairRow = z.object({
	pairs: z.number(),
	sameFamily: z.number().nullable(),
	sameCategory: z.number().nullable(),
});

/** C2 of the paper: interactions a sequence and a purchase, and products compared before a purchase. */
export async function measureComparisons(db: DuckDb, tables: LogTables): Promise<Comparisons> {
	const { interactions, users, clicks } = await db.one(
		lengthRow,
		`SELECT count(*) AS interactions, count(DISTINCT user_id) AS users,
			count(*) FILTER (action = 'click') AS clicks FROM log`,
	);
	const trips = await db.one(
		z.object({ purchases: z.number(), interactions: z.number() }),
		`SELECT (SELECT count(*) FROM purchases) AS purchases, count(*) AS interactions
		FROM log JOIN purchases USING (user_id, trip)`,
	);
	const nothingBought = unavailable("the log has no purchases.");
	return {
		interactionsPerSequence: interactions / Math.max(1, users),
		interactionsPerPurchase:
			trips.purchases === 0
				? nothingBought
				: { available: true, mean: trips.interactions / trips.purchases, purchases: trips.purchases },
		compared:
			trips.purchases === 0
				? nothingBought
				: clicks === 0
					? unavailable("the log has no clicks.")
					: await compared(db, tables, trips.purchases),
	};
}

async function compared(db: DuckDb, { items }: LogTables, purchases: number): Promise<Comparisons["compared"]> {
	await db.run(`CREATE TEMP TABLE compared AS
		SELECT DISTINCT p.user_id, p.trip, p.item_id AS bought_id, l.item_id
		FROM log l JOIN purchases p USING (user_id, trip)
		WHERE l.action = 'click' AND l.item_id <> p.item_id`);
	const { pairs, sameFamily, sameCategory } = await db.one(
		pairRow,
		`WITH kinds AS (
			SELECT item_id, family, nullif(json_extract_string(attributes, '$.category'), '') AS category FROM ${items})
		SELECT count(*) AS pairs, avg((a.family = b.family)::INTEGER) AS "sameFamily",
			avg((a.category = b.category)::INTEGER) AS "sameCategory"
		FROM compared c LEFT JOIN kinds a ON a.item_id = c.item_id LEFT JOIN kinds b ON b.item_id = c.bought_id`,
	);
	const counted = await db.all(
		z.object({ products: z.number(), purchases: z.number() }),
		`SELECT least(products, ${LAST_BIN}) AS products, count(*) AS purchases FROM (
			SELECT count(c.item_id) AS products FROM purchases p LEFT JOIN compared c USING (user_id, trip)
			GROUP BY p.user_id, p.trip
		) GROUP BY ALL`,
	);
	const byCount = new Map(counted.map((row) => [row.products, row.purchases]));
	return {
		available: true,
		mean: pairs / purchases,
		purchases,
		bins: Array.from({ length: LAST_BIN + 1 }, (_, products) => ({ products, purchases: byCount.get(products) ?? 0 })),
		sameFamily,
		sameCategory,
	};
}
