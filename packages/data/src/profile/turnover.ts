import { z } from "zod";
import type { DuckDb } from "../duckdb";
import { type DatasetCharacteristics, unavailable } from "./characteristics-schema";
import { wilsonInterval } from "./lift";
import type { LogTables } from "./log-tables";

type Turnover = DatasetCharacteristics["turnover"];

/** Mean length of a month, in days. */
const MONTH_DAYS = 30.4375;

/** C1 of the paper: new products a month, and test purchases of items that the training part does not hold. */
export async function measureTurnover(db: DuckDb, tables: LogTables): Promise<Turnover> {
	return { newProducts: await newProducts(db, tables), unseen: await unseenPurchases(db) };
}

const spanRow = z.object({
	products: z.number(),
	launches: z.number(),
	days: z.number().nullable(),
});

async function newProducts(db: DuckDb, { items }: LogTables): Promise<Turnover["newProducts"]> {
	const { products, launches, days } = await db.one(
		spanRow,
		`SELECT (SELECT count(*) FROM ${items}) AS products, (SELECT count(launched_at) FROM ${items}) AS launches,
			epoch(max("at") - min("at")) / 86400 AS days FROM log`,
	);
	if (days === null) return unavailable("the log gives an order and no times.");
	const basis = launches > 0 ? "launch" : "first interaction";
	// Where only interactions tell, everything is new at first: the first month says nothing.
	const warmUp = basis === "launch" ? 0 : MONTH_DAYS;
	if (days <= warmUp) return unavailable("the log covers no more than a month, in which every product is new.");
	const months = await db.all(
		z.object({ month: z.string(), products: z.number(), counted: z.number() }),
		`WITH span AS (SELECT min("at") AS first, max("at") AS last FROM log),
		met AS (SELECT item_id, min("at") AS met_at FROM log WHERE item_id IS NOT NULL GROUP BY item_id),
		born AS (
			SELECT coalesce(i.launched_at, m.met_at) AS born_at FROM ${items} i LEFT JOIN met m USING (item_id)),
		calendar AS (
			SELECT unnest(generate_series(date_trunc('month', first), last, INTERVAL 1 MONTH)) AS start FROM span)
		SELECT strftime(c.start, '%Y-%m') AS month, count(b.born_at) AS products,
			count(b.born_at) FILTER (b.born_at >= s.first + INTERVAL (${warmUp * 86_400}) SECONDS) AS counted
		FROM calendar c CROSS JOIN span s
		LEFT JOIN born b ON date_trunc('month', b.born_at) = c.start AND b.born_at BETWEEN s.first AND s.last
		GROUP BY c.start ORDER BY c.start`,
	);
	const counted = months.reduce((sum, row) => sum + row.counted, 0);
	const perMonth = (counted * MONTH_DAYS) / (days - warmUp);
	return {
		available: true,
		basis,
		perMonth,
		shareOfCatalogue: perMonth / Math.max(1, products),
		months: months.map((row) => ({ month: row.month, products: row.products })),
	};
}

/** By the rules of the split (docs/contracts.md): what training holds is what `split` would call `train`. */
async function unseenPurchases(db: DuckDb): Promise<Turnover["unseen"]> {
	await db.run(`CREATE TEMP TABLE tested AS
		WITH held_out AS (
			SELECT user_id, min(ord) AS first_ord FROM purchases
			WHERE (from_last = 1 AND bought >= 2) OR (from_last = 2 AND bought >= 3) GROUP BY user_id),
		known AS (
			SELECT DISTINCT l.item_id FROM log l LEFT JOIN held_out h USING (user_id)
			WHERE l.item_id IS NOT NULL AND (h.first_ord IS NULL OR l.ord < h.first_ord)
				AND NOT (l.action = 'click' AND EXISTS (
					SELECT 1 FROM purchases p WHERE p.user_id = l.user_id AND p.item_id = l.item_id)))
		SELECT p."at", k.item_id IS NULL AS unseen FROM purchases p LEFT JOIN known k USING (item_id)
		WHERE p.from_last = 1 AND p.bought >= 2`);
	const counts = { purchases: z.number(), unseen: z.number() };
	const sums = "count(*) AS purchases, count(*) FILTER (unseen) AS unseen";
	const { purchases, unseen } = await db.one(z.object(counts), `SELECT ${sums} FROM tested`);
	if (purchases === 0) return unavailable("no shopper has two purchases, so none can be held out.");
	const months = await db.all(
		z.object({ month: z.string(), ...counts }),
		`SELECT strftime("at", '%Y-%m') AS month, ${sums} FROM tested WHERE "at" IS NOT NULL GROUP BY month ORDER BY month`,
	);
	const [low, high] = wilsonInterval(unseen, purchases);
	return { available: true, purchases, unseen, share: unseen / purchases, low, high, months };
}
