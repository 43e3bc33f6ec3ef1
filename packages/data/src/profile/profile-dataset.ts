import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@atelier/core";
import { z } from "zod";
import { openDuckDb, parquet } from "../duckdb";

const number = z.number();

/** Table 1 of the paper, and what else tells one log from another. */
export const datasetProfile = z.object({
	users: number,
	items: number,
	/** Searches, clicks and purchases. */
	interactions: number,
	/** Interactions per user. */
	averageLength: number,
	/** Interactions / (users × items). */
	density: number,
	searches: number,
	clicks: number,
	purchases: number,
	exposures: number,
	distinctQueries: number,
	/** Items that occur in an interaction; the rest stand in the catalogue only. */
	itemsInteracted: number,
	/** Distinct items a user clicked or purchased, on average. */
	itemsPerUser: number,
	/** Clicks and purchases per item that has any. */
	interactionsPerItem: number,
	/** Comparisons before a purchase: clicks / purchases; null without purchases. */
	clicksPerPurchase: number.nullable(),
	/** Users with at least two purchases: they have a test example. */
	usersWithTest: number,
	firstAt: z.date().nullable(),
	lastAt: z.date().nullable(),
});
export type DatasetProfile = z.infer<typeof datasetProfile>;

/**
 * Statistics of an imported dataset.
 * @param path folder of the dataset
 * @throws AppError NOT_FOUND when there is no dataset in it.
 */
export async function profileDataset(path: string): Promise<DatasetProfile> {
	if (!existsSync(join(path, "manifest.json"))) throw new AppError("NOT_FOUND", `There is no dataset at ${path}.`);
	const table = (name: string) => parquet(path, `${name}.parquet`);
	const db = await openDuckDb();
	try {
		return await db.one(
			datasetProfile,
			`WITH users AS (
				SELECT user_id, count(DISTINCT item_id) AS items, count(*) FILTER (action = 'purchase') AS purchases
				FROM ${table("interactions")} GROUP BY user_id),
			totals AS (
				SELECT count(*) AS interactions, count(*) FILTER (action = 'search') AS searches,
					count(*) FILTER (action = 'click') AS clicks, count(*) FILTER (action = 'purchase') AS purchases,
					count(DISTINCT query) AS distinct_queries, count(DISTINCT item_id) AS items_interacted,
					min("at") AS first_at, max("at") AS last_at
				FROM ${table("interactions")}),
			sizes AS (
				SELECT (SELECT count(*) FROM ${table("items")}) AS items, (SELECT count(*) FROM ${table("exposures")}) AS exposures,
					count(*) AS users, coalesce(avg(users.items), 0) AS items_per_user,
					count(*) FILTER (purchases >= 2) AS users_with_test
				FROM users)
			SELECT users, items, interactions, interactions / greatest(users, 1) AS "averageLength",
				interactions / greatest(users * items, 1) AS density, searches, clicks, purchases, exposures,
				distinct_queries AS "distinctQueries", items_interacted AS "itemsInteracted", items_per_user AS "itemsPerUser",
				(clicks + purchases) / greatest(items_interacted, 1) AS "interactionsPerItem",
				clicks / nullif(purchases, 0) AS "clicksPerPurchase", users_with_test AS "usersWithTest",
				first_at AS "firstAt", last_at AS "lastAt"
			FROM totals, sizes`,
		);
	} finally {
		db.close();
	}
}
