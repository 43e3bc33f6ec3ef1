import { type DuckDb, parquet } from "../duckdb";

/** Where the parts of the analysis read. */
export interface LogTables {
	/** `read_parquet('…')` of the catalogue. */
	items: string;
	interactions: string;
}

/**
 * Makes two tables that every part of the analysis shares. `log` has one row an interaction, with `trip`, the number of
 * the shopper's purchases before it: rows of one trip lead to one purchase. `purchases` has one row a purchase, with
 * its trip, the shopper's purchases (`bought`) and its place among them from the end (`from_last`).
 *
 * @param path folder of the dataset
 */
export async function makeLogTables(db: DuckDb, path: string): Promise<LogTables> {
	const interactions = parquet(path, "interactions.parquet");
	await db.run(`CREATE TEMP TABLE purchases AS
		SELECT user_id, ord, item_id, "at", count(*) OVER (PARTITION BY user_id) AS bought,
			row_number() OVER (PARTITION BY user_id ORDER BY ord) - 1 AS trip,
			row_number() OVER (PARTITION BY user_id ORDER BY ord DESC) AS from_last
		FROM ${interactions} WHERE action = 'purchase'`);
	await db.run(`CREATE TEMP TABLE log AS
		SELECT user_id, ord, action, item_id, "at",
			count(*) FILTER (action = 'purchase') OVER (PARTITION BY user_id ORDER BY ord ROWS UNBOUNDED PRECEDING)
				- (action = 'purchase')::INTEGER AS trip
		FROM ${interactions}`);
	return { items: parquet(path, "items.parquet"), interactions };
}
