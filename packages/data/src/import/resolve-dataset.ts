import { type ImportContext, quarantine, type StagedFacts } from "./import-context";

/** A click ends a search's reach after this long, as it ends a session. */
const SESSION = "INTERVAL 24 HOURS";

/**
 * Turns the staged rows into the tables of a dataset: `items`, `interactions`, `exposures`. Rows that fit no item go to
 * the quarantine here.
 */
export async function resolveDataset(context: ImportContext, facts: StagedFacts): Promise<void> {
	if (facts.hasItemFile) await keepFirstOfEachItem(context);
	else await itemsFromInteractions(context);
	// Ordered by a hash, so that an id says nothing of family, time or popularity.
	await context.db.run(`CREATE TABLE items AS
		SELECT row_number() OVER (ORDER BY md5(item_key), item_key)::INTEGER AS item_id, item_key, title, attributes, family,
			price, launched_at, search
		FROM staged_items`);
	await rejectUnknownItems(context, "staged_interactions");
	await rejectUnknownItems(context, "staged_exposures");
	await orderInteractions(context);
	await context.db.run(`CREATE TABLE exposures AS
		SELECT e.query, i.item_id, e.position, e.stamp, u.user_id, e.file, e.line
		FROM staged_exposures e JOIN items i USING (item_key) LEFT JOIN users u USING (user_key)`);
}

async function keepFirstOfEachItem(context: ImportContext): Promise<void> {
	const { db } = context;
	await db.run(`CREATE TABLE repeated_items AS SELECT file, line FROM staged_items
		QUALIFY row_number() OVER (PARTITION BY item_key ORDER BY file, line) > 1`);
	for (const file of context.files.keys()) {
		await quarantine(
			context,
			file,
			`SELECT line, 'item_id is there before; the first is kept' AS reason FROM repeated_items WHERE file = ${file}`,
		);
	}
	await db.run("DELETE FROM staged_items WHERE (file, line) IN (SELECT (file, line) FROM repeated_items)");
}

async function itemsFromInteractions(context: ImportContext): Promise<void> {
	await context.db.run(`INSERT INTO staged_items (item_key, title, attributes)
		SELECT item_key, item_key, '{}' FROM (
			SELECT item_key FROM staged_interactions WHERE item_key IS NOT NULL UNION SELECT item_key FROM staged_exposures)`);
}

async function rejectUnknownItems(context: ImportContext, table: string): Promise<void> {
	const { db } = context;
	await db.run(`CREATE TABLE unknown_rows AS SELECT file, line, item_key FROM ${table}
		WHERE item_key IS NOT NULL AND item_key NOT IN (SELECT item_key FROM items)`);
	for (const file of context.files.keys()) {
		await quarantine(
			context,
			file,
			`SELECT line, CASE WHEN item_key IN (SELECT item_key FROM rejected_items)
				THEN 'its item was rejected' ELSE 'item_id is not in the item file' END AS reason
			FROM unknown_rows WHERE file = ${file}`,
		);
	}
	await db.run(`DELETE FROM ${table} WHERE item_key IS NOT NULL AND item_key NOT IN (SELECT item_key FROM items)`);
	await db.run("DROP TABLE unknown_rows");
}

/**
 * Gives every user's events their order: by time, then by their place in the source. A query that stands on a click or
 * purchase becomes a search before it, unless the row before it is a click from the same query in the same session.
 */
async function orderInteractions(context: ImportContext): Promise<void> {
	const { db } = context;
	await db.run(`CREATE TABLE users AS
		SELECT row_number() OVER (ORDER BY md5(user_key), user_key)::INTEGER AS user_id, user_key
		FROM (SELECT DISTINCT user_key FROM staged_interactions)`);
	await db.run(`CREATE TABLE events AS
		SELECT s.file, s.line, s.part, s.place, s.user_key, s.action, item_id, coalesce(s.query, derived_query) AS query, s.stamp,
			coalesce(s.query_at, s.stamp) AS query_at, s.query IS NULL AND derived_query IS NOT NULL AS derived
		FROM (
			SELECT r.*, i.item_id, CASE WHEN r.action = 'purchase' THEN i.search END AS derived_query
			FROM staged_interactions r LEFT JOIN items i USING (item_key)) s`);
	await db.run(`CREATE TABLE searches AS
		SELECT file, line, part, place, user_key, query, query_at, derived FROM (
			SELECT *, lag(query) OVER earlier AS query_before, lag(action) OVER earlier AS action_before,
				lag(stamp) OVER earlier AS stamp_before
			FROM events WINDOW earlier AS (PARTITION BY user_key ORDER BY stamp, place, file, line, part))
		WHERE action <> 'search' AND query IS NOT NULL AND NOT coalesce(
			query_before = query AND action_before = 'click' AND (stamp IS NULL OR stamp - stamp_before < ${SESSION}), false)`);
	await db.run(`CREATE TABLE interactions AS
		SELECT u.user_id, u.user_key,
			(row_number() OVER (PARTITION BY u.user_id ORDER BY e.stamp, e.place, e.file, e.line, e.part, e.kind) - 1)::INTEGER AS ord,
			e.action, e.item_id, e.query, e.stamp, e.derived
		FROM (
			SELECT file, line, part, place, 1 AS kind, user_key, action, item_id,
				CASE WHEN action = 'search' THEN query END AS query, stamp, false AS derived FROM events
			UNION ALL
			SELECT file, line, part, place, 0, user_key, 'search', NULL, query, query_at, derived FROM searches
		) e JOIN users u USING (user_key)`);
}
