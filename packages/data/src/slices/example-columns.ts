import { ColumnBuilder, type ExampleColumn, findAttribute } from "@atelier/core";
import { z } from "zod";
import { type DuckDb, openDuckDb, parquet } from "../duckdb";
import { startsSession } from "../stages/split-tables";
import { itemColumns } from "./item-columns";

export interface ColumnFolders {
	dataset: string;
	split: string;
}

const count = z.number();
const row = z.object({
	cold: z.boolean(),
	history: count,
	comparisons: count,
	sessions: count,
	query: z.boolean(),
	query_rarity: count.nullable(),
	month: count.nullable(),
	popularity: count.nullable(),
	price_band: count.nullable(),
});
type Row = z.infer<typeof row>;

/** What stands in each column, and why it may stand empty. */
const COLUMNS: readonly { name: string; read: (of: Row) => number | boolean | null; reason: string }[] = [
	{ name: "cold", read: ({ cold }) => cold, reason: "" },
	{ name: "history", read: ({ history }) => history, reason: "there is no test example." },
	{ name: "comparisons", read: ({ comparisons }) => comparisons, reason: "there is no test example." },
	{ name: "sessions", read: ({ sessions }) => sessions, reason: "there is no test example." },
	{ name: "query", read: ({ query }) => query, reason: "" },
	{
		name: "query-rarity",
		read: ({ query_rarity }) => query_rarity,
		reason: "no test shopper searched before the purchase.",
	},
	{ name: "month", read: ({ month }) => month, reason: "the log has no times." },
	{ name: "popularity", read: ({ popularity }) => popularity, reason: "no item that was bought is in training." },
	{ name: "price-band", read: ({ price_band }) => price_band, reason: "no item that was bought has a price." },
];

/**
 * The attributes of a split's test examples, from its files and the data set's, in the order of their example set: by user,
 * target and number. docs/slices.md says how each is computed.
 */
export async function exampleColumns({ dataset, split }: ColumnFolders): Promise<Map<string, ExampleColumn>> {
	const db = await openDuckDb();
	try {
		await db.run(`CREATE TABLE tested AS
			SELECT (row_number() OVER (ORDER BY user_id, target_item, example_id) - 1)::INTEGER AS place, user_id, target_item,
				target_ord, target_at, session_ord, query_id, cold
			FROM ${parquet(split, "examples.parquet")} WHERE split = 'test'`);
		const { size, clicks } = await db.one(
			z.object({ size: count, clicks: count }),
			`SELECT (SELECT count(*) FROM tested)::DOUBLE AS size,
				(SELECT count(*) FROM ${parquet(dataset, "interactions.parquet")} WHERE action = 'click')::DOUBLE AS clicks`,
		);
		const columns = await computed(db, { dataset, split }, size);
		const compared = columns.get("comparisons");
		if (compared && clicks === 0) columns.set("comparisons", { ...compared, lacks: "the log has no clicks." });
		const searched = columns.get("query");
		const rarity = columns.get("query-rarity");
		if (searched && rarity?.lacks) columns.set("query", { ...searched, lacks: rarity.lacks });
		for (const [name, column] of await itemColumns(db, dataset, size)) columns.set(name, column);
		return columns;
	} finally {
		db.close();
	}
}

async function computed(db: DuckDb, folders: ColumnFolders, size: number): Promise<Map<string, ExampleColumn>> {
	const builders = COLUMNS.map(({ name, read, reason }) => {
		const builder = new ColumnBuilder(findAttribute(name)?.kind ?? "category", size);
		return { name, read, reason, builder };
	});
	for await (const rows of db.batches(row, rowsOf(folders))) {
		for (const one of rows) for (const { builder, read } of builders) builder.add(read(one));
	}
	return new Map(builders.map(({ name, reason, builder }) => [name, builder.finish(reason)]));
}

function rowsOf({ dataset, split }: ColumnFolders): string {
	const events = parquet(split, "events.parquet");
	const interactions = parquet(dataset, "interactions.parquet");
	return `WITH before AS (
			SELECT t.place, count(*) AS history,
				count(DISTINCT e.item_id) FILTER (e.action = 'click' AND e.ord >= t.session_ord AND e.item_id <> t.target_item)
					AS comparisons
			FROM tested t JOIN ${events} e ON e.user_id = t.user_id AND e.ord < t.target_ord GROUP BY t.place
		), starts AS (
			SELECT user_id, ord FROM (
				SELECT l.user_id, l.ord, ${startsSession("l")} AS starts_session
				FROM ${interactions} l SEMI JOIN tested USING (user_id)
				WINDOW w AS (PARTITION BY l.user_id ORDER BY l.ord)
			) WHERE starts_session
		), visits AS (
			SELECT t.place, count(*) AS sessions
			FROM tested t JOIN starts s ON s.user_id = t.user_id AND s.ord <= t.target_ord GROUP BY t.place
		), searched AS (
			SELECT query_id, count(*) AS searches FROM ${events} WHERE train AND action = 'search' GROUP BY query_id
		), popular AS (
			SELECT item_id, ${part(10, "count(*)")} AS decile FROM ${events} WHERE train AND item_id IS NOT NULL GROUP BY item_id
		), priced AS (
			SELECT item_id, ${part(5, "price")} AS band FROM ${parquet(dataset, "items.parquet")} WHERE price IS NOT NULL
		)
		SELECT t.cold, coalesce(b.history, 0)::INTEGER AS history, coalesce(b.comparisons, 0)::INTEGER AS comparisons,
			v.sessions::INTEGER AS sessions, t.query_id IS NOT NULL AS query,
			CASE WHEN t.query_id IS NOT NULL THEN coalesce(s.searches, 0)::INTEGER END AS query_rarity,
			month(t.target_at)::INTEGER AS month, p.decile::INTEGER AS popularity, c.band::INTEGER AS price_band
		FROM tested t LEFT JOIN before b USING (place) LEFT JOIN visits v USING (place)
			LEFT JOIN searched s ON s.query_id = t.query_id LEFT JOIN popular p ON p.item_id = t.target_item
			LEFT JOIN priced c ON c.item_id = t.target_item
		ORDER BY t.place`;
}

/** Which of `parts` equal parts a row falls into by `value`, from 1: by how many rows have less, so that ties share one. */
function part(parts: number, value: string): string {
	return `(${parts} * (rank() OVER (ORDER BY ${value}) - 1)) // count(*) OVER () + 1`;
}
