import type { OutsideMapping } from "@atelier/core";
import type { DuckDb } from "../duckdb";
import { parquet } from "../duckdb";
import { cleanKey, text } from "../sql";
import type { GivenRows } from "./given-rows";

/** Where the split and its data set lie, and who of the test shoppers is wanted. */
export interface SplitFolders {
	split: string;
	dataset: string;
	/** The setting cold-start: only those whose ground truth no training event holds. */
	onlyCold: boolean;
}

/** What a spreadsheet's guard of ours (`csvCell`) looks like; the text behind it is meant. */
const GUARDED = "^''\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]";
const unguarded = (key: string) => `CASE WHEN regexp_matches(${key}, '${GUARDED}') THEN substr(${key}, 2) END`;

/**
 * Tables of what is known: `shoppers` (the test shoppers of the split, `wanted` in this setting), `everyone` and
 * `catalogue`.
 */
export async function createKnownTables(db: DuckDb, { split, dataset, onlyCold }: SplitFolders): Promise<void> {
	await db.run(`CREATE TABLE catalogue AS SELECT item_id, item_key FROM ${parquet(dataset, "items.parquet")}`);
	await db.run(`CREATE TABLE everyone AS SELECT user_id, any_value(user_key) AS user_key
		FROM ${parquet(dataset, "interactions.parquet")} GROUP BY user_id`);
	await db.run(`CREATE TABLE shoppers AS
		SELECT x.example_id, e.user_key, x.target_item, c.item_key AS target_key, ${onlyCold ? "x.cold" : "true"} AS wanted
		FROM ${parquet(split, "examples.parquet")} x JOIN everyone e USING (user_id)
		JOIN catalogue c ON c.item_id = x.target_item WHERE x.split = 'test'`);
}

/**
 * Tables of what the file says. `entries`: a row for each row of the file, or for each shopper where items stand a row
 * each; `flat`: an item a row with its place in its shopper's list.
 */
export async function createGivenTables(db: DuckDb, given: GivenRows, mapping: OutsideMapping): Promise<void> {
	const cell = (name: string | undefined) => (name === undefined ? "NULL::VARCHAR" : given.value(name));
	const key = (name: string | undefined) => (name === undefined ? "NULL::VARCHAR" : cleanKey(given.value(name)));
	const { user, items, item, rank, score, groundTruth, separator = " " } = mapping;
	await db.run(`CREATE TABLE read AS SELECT line, ${key(user)} AS user_key, ${cell(items)} AS list_text,
			${key(item)} AS item_key, ${key(rank)} AS rank_text, ${cell(score)} AS score_text, ${key(groundTruth)} AS truth
		FROM ${given.table}`);
	await db.run(`DROP TABLE ${given.table}`);
	if (item !== undefined) {
		await createOfItems(db, mapping);
	} else {
		await db.run(`CREATE TABLE entries AS SELECT line, user_key, rank_text, truth, list_text, score_text,
				${listOf("list_text", separator)} AS list, ${listOf("score_text", separator)} AS scores FROM read`);
		await db.run(`CREATE TABLE flat AS SELECT line, user_key, unnest(list) AS item_key,
				try_cast(unnest(scores) AS DOUBLE) AS score, generate_subscripts(list, 1) AS place
			FROM entries WHERE list IS NOT NULL AND (scores IS NULL OR len(scores) = len(list))`);
	}
	await db.run("DROP TABLE read");
}

/** Items that stand a row each, as lists: by rank, else by score, else as the rows stand. */
async function createOfItems(db: DuckDb, { rank, score, ranksFrom = 1 }: OutsideMapping): Promise<void> {
	const byRank = `try_cast(rank_text AS DOUBLE) - ${ranksFrom - 1}`;
	const order = rank !== undefined ? byRank : score !== undefined ? "try_cast(score_text AS DOUBLE) DESC" : "line";
	await db.run(`CREATE TABLE flat AS SELECT line, user_key, item_key, try_cast(score_text AS DOUBLE) AS score, score_text, rank_text,
			row_number() OVER (PARTITION BY user_key ORDER BY ${order} NULLS LAST, line) AS place
		FROM read WHERE user_key IS NOT NULL`);
	await db.run(`CREATE TABLE entries AS SELECT min(line) AS line, user_key, NULL::VARCHAR AS rank_text, min(truth) AS truth,
			NULL::VARCHAR AS list_text, NULL::VARCHAR AS score_text, NULL::VARCHAR[] AS list, NULL::VARCHAR[] AS scores,
			count(DISTINCT truth) AS truths
		FROM read GROUP BY user_key`);
}

/**
 * Texts of a list: JSON, what Python prints for a list of texts, or keys with a separator between. Null where it looks
 * like a list and cannot be read as one.
 */
function listOf(value: string, separator: string): string {
	const single = `replace(${value}, '''', '"')`;
	return `CASE WHEN ${value} IS NULL THEN NULL
		WHEN left(${value}, 1) <> '[' THEN list_filter(list_transform(string_split(${value}, ${text(separator)}),
			lambda part: trim(part)), lambda part: part <> '')
		WHEN json_valid(${value}) THEN json_extract_string(${value}, '$[*]')
		WHEN json_valid(${single}) THEN json_extract_string(${single}, '$[*]') END`;
}

/**
 * Joins both: `matched` (an entry of a wanted test shopper) and `placed` (its items by their numbers in the catalogue).
 * Entries and items that nothing is known of stand in neither.
 */
export async function createMatchedTables(db: DuckDb): Promise<void> {
	await db.run(`CREATE TABLE resolved AS SELECT e.*, coalesce(s.example_id, g.example_id) AS example_id,
			coalesce(s.target_item, g.target_item) AS target_item, coalesce(s.target_key, g.target_key) AS target_key,
			coalesce(s.wanted, g.wanted) AS wanted
		FROM entries e LEFT JOIN shoppers s ON s.user_key = e.user_key
		LEFT JOIN shoppers g ON g.user_key = ${unguarded("e.user_key")}`);
	await db.run("CREATE TABLE matched AS SELECT * FROM resolved WHERE wanted");
	await db.run(`CREATE TABLE placed AS SELECT f.line, m.example_id, m.target_item, f.place, f.score, f.item_key,
			coalesce(c.item_id, g.item_id) AS item_id
		FROM flat f JOIN (SELECT DISTINCT user_key, example_id, target_item FROM matched) m USING (user_key)
		LEFT JOIN catalogue c ON c.item_key = f.item_key
		LEFT JOIN catalogue g ON g.item_key = ${unguarded("f.item_key")}`);
}
