import { z } from "zod";
import type { DuckDb } from "../duckdb";
import { type DatasetCharacteristics, unavailable } from "./characteristics-schema";
import type { LogTables } from "./log-tables";

type QueryDiversity = DatasetCharacteristics["queryDiversity"];
type PerDay = Extract<QueryDiversity, { available: true }>["perDay"];

const totalsRow = z.object({
	searches: z.number(),
	distinct: z.number(),
	byUser: z.number(),
	shared: z.number(),
	users: z.number(),
	purchases: z.number(),
});

/** C4 of the paper: unique queries a day, and how much one shopper's queries are another's. */
export async function measureQueryDiversity(db: DuckDb, { interactions }: LogTables): Promise<QueryDiversity> {
	await db.run(`CREATE TEMP TABLE searches AS
		SELECT user_id, query, "at" FROM ${interactions} WHERE action = 'search' AND query IS NOT NULL`);
	const { searches, distinct, byUser, shared, users, purchases } = await db.one(
		totalsRow,
		`WITH pairs AS (SELECT query, user_id, count(*) AS times FROM searches GROUP BY ALL),
		queries AS (SELECT count(*) AS users, sum(times) AS times FROM pairs GROUP BY query)
		SELECT coalesce(sum(times), 0)::BIGINT AS searches, count(*) AS distinct,
			coalesce(sum(users), 0)::BIGINT AS "byUser", coalesce(sum(times) FILTER (users > 1), 0)::BIGINT AS shared,
			(SELECT count(DISTINCT user_id) FROM log) AS users, (SELECT count(*) FROM purchases) AS purchases
		FROM queries`,
	);
	if (searches === 0) return unavailable("the log has no searches.");
	return {
		available: true,
		searches,
		distinct,
		distinctShare: distinct / searches,
		distinctPerPurchase: purchases === 0 ? null : distinct / purchases,
		distinctPerUser: byUser / users,
		sharedBetweenUsers: shared / searches,
		perDay: await perDay(db),
	};
}

async function perDay(db: DuckDb): Promise<PerDay> {
	const months = await db.all(
		z.object({ month: z.string(), queries: z.number(), days: z.number() }),
		`WITH daily AS (
			SELECT date_trunc('day', "at") AS day, count(DISTINCT query) AS queries FROM searches
			WHERE "at" IS NOT NULL GROUP BY day),
		calendar AS (
			SELECT unnest(generate_series(min(day), max(day), INTERVAL 1 DAY)) AS day FROM daily)
		SELECT strftime(day, '%Y-%m') AS month, coalesce(sum(queries), 0)::BIGINT AS queries, count(*) AS days
		FROM calendar LEFT JOIN daily USING (day) GROUP BY month ORDER BY month`,
	);
	const days = months.reduce((sum, row) => sum + row.days, 0);
	if (days === 0) return unavailable("no search has a time.");
	return {
		available: true,
		mean: months.reduce((sum, row) => sum + row.queries, 0) / days,
		days,
		months: months.map(({ month, queries, days: inMonth }) => ({ month, mean: queries / inMonth, days: inMonth })),
	};
}
