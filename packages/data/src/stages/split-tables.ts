import type { StageParams } from "@atelier/core";
import { parquet } from "../duckdb";

interface SplitRequest {
	/** Folder of the dataset. */
	dataset: string;
	protocol: StageParams<"split">["protocol"];
	target: StageParams<"split">["target"];
	trainRatio: number;
	seed: number;
}

interface SplitTables {
	/** Interactions without a time, which only the leave-one-out protocol can place. */
	undated: string;
	/** Statements that build the tables `queries`, `kept` and `examples`, in order. */
	statements: { step: string; statement: string }[];
	events: string;
	summary: string;
}

/** A pause that starts a new session (docs/contracts.md, "split"). */
const SESSION_GAP = "INTERVAL 24 HOURS";

/**
 * Whether an event of the table `log` starts a session: after a purchase, or after a pause; without times the comparison is
 * null and no pause is seen. Wants a window `w` over the user's events in order.
 */
export function startsSession(log: string): string {
	return `coalesce(lag(${log}.action) OVER w = 'purchase', true)
				OR coalesce(${log}."at" - lag(${log}."at") OVER w >= ${SESSION_GAP}, false)`;
}

/** What is predicted as `targets` (with their `split`, null for those left out), and what is of the training part. */
function protocolTables({ protocol, target }: SplitRequest, interactions: string) {
	const bought = `SELECT user_id, ord, item_id, "at" FROM ${interactions} WHERE action = '${target}'
		AND (user_id, ord) NOT IN (FROM repeated)`;
	if (protocol === "by-time") {
		const at = (tenths: number) => `(SELECT "at" FROM (${bought}) ORDER BY "at", user_id, ord LIMIT 1
			OFFSET (SELECT count(*) * ${tenths} // 10 FROM (${bought})))`;
		return {
			cut: `CREATE TABLE cut AS SELECT ${at(8)} AS valid_from, ${at(9)} AS test_from`,
			targets: `CREATE TABLE targets AS SELECT user_id, ord, item_id,
					CASE part WHEN 0 THEN 'train' WHEN 1 THEN CASE WHEN from_last = 1 THEN 'valid' END
						ELSE CASE WHEN from_last = 1 THEN 'test' END END AS split
				FROM (SELECT *, row_number() OVER (PARTITION BY user_id, part ORDER BY ord DESC) AS from_last FROM (
					SELECT b.user_id, b.ord, b.item_id, ("at" >= valid_from)::INTEGER + ("at" >= test_from)::INTEGER AS part
					FROM (${bought}) b, cut))`,
			isTraining: (event: string) => `${event}."at" < (SELECT valid_from FROM cut)`,
		};
	}
	return {
		cut: "CREATE TABLE cut AS SELECT NULL::TIMESTAMP AS valid_from, NULL::TIMESTAMP AS test_from",
		targets: `CREATE TABLE targets AS SELECT user_id, ord, item_id, CASE WHEN from_last = 1 AND bought >= 2 THEN 'test'
				WHEN from_last = 2 AND bought >= 3 THEN 'valid' ELSE 'train' END AS split
			FROM (SELECT *, count(*) OVER (PARTITION BY user_id) AS bought,
				row_number() OVER (PARTITION BY user_id ORDER BY ord DESC) AS from_last FROM (${bought}))`,
		isTraining: (event: string) => `(h.first_ord IS NULL OR ${event}.ord < h.first_ord)`,
	};
}

/** The split as SQL. Windows share one order (`user_id, ord`), so that DuckDB sorts the log once a statement. */
export function splitTables(request: SplitRequest): SplitTables {
	const { dataset, target, trainRatio, seed } = request;
	const interactions = parquet(dataset, "interactions.parquet");
	const exposures = parquet(dataset, "exposures.parquet");
	const { cut, targets, isTraining } = protocolTables(request, interactions);
	// Where clicks are predicted: clicks on the item of the click right before them, searches aside.
	const repeated = `CREATE TABLE repeated AS SELECT user_id, ord FROM (
			SELECT user_id, ord, action = 'click' AND lag(action) OVER w = 'click' AND lag(item_id) OVER w = item_id AS again
			FROM ${interactions} WHERE action <> 'search' AND ${target === "click"} WINDOW w AS (PARTITION BY user_id ORDER BY ord)
		) WHERE again`;
	const heldOut = `CREATE TABLE held_out AS
		SELECT user_id, min(ord) AS first_ord FROM targets WHERE split <> 'train' GROUP BY user_id`;
	const queries = `CREATE TABLE queries AS
		SELECT (row_number() OVER (ORDER BY sum(searches) DESC, query) - 1)::INTEGER AS query_id, query,
			coalesce(bool_and(derived), false) AS derived, sum(searches)::INTEGER AS searches
		FROM (
			SELECT query, bool_and(derived) AS derived, count(*) AS searches FROM ${interactions}
			WHERE action = 'search' GROUP BY query
			UNION ALL
			SELECT DISTINCT query, NULL, 0 FROM ${exposures} WHERE query IS NOT NULL
		) GROUP BY query`;
	const marked = `CREATE TABLE marked AS
		SELECT i.user_id, i.ord, i.action::VARCHAR AS action, i.item_id, q.query_id, i."at",
			${startsSession("i")} AS starts_session
		FROM ${interactions} i LEFT JOIN queries q ON q.query = i.query
		WINDOW w AS (PARTITION BY i.user_id ORDER BY i.ord)`;
	const sessions = `CREATE TABLE sessions AS
		SELECT *, max(CASE WHEN starts_session THEN ord END) OVER w AS session_ord FROM marked
		WINDOW w AS (PARTITION BY user_id ORDER BY ord ROWS UNBOUNDED PRECEDING)`;
	const keptUsers = `CREATE TABLE trained_users AS
		SELECT user_id FROM (
			SELECT user_id, row_number() OVER (ORDER BY md5('${seed}:' || user_id), user_id) AS place, count(*) OVER () AS users
			FROM (
				SELECT DISTINCT i.user_id FROM ${interactions} i LEFT JOIN held_out h USING (user_id)
				WHERE ${isTraining("i")}
			)
		) WHERE place <= ceil(users * ${trainRatio})`;
	// Clicks on an item that the shopper ever buys would give the answer away (paper, section 5.1).
	const leaves =
		target === "purchase"
			? `s.action = 'click' AND EXISTS (
				SELECT 1 FROM targets p WHERE p.user_id = s.user_id AND p.item_id = s.item_id)`
			: "(s.user_id, s.ord) IN (FROM repeated)";
	const kept = `CREATE TABLE kept AS
		SELECT s.*, t.user_id IS NOT NULL AND ${isTraining("s")} AS train,
			row_number() OVER (PARTITION BY s.user_id ORDER BY s.ord) - 1 AS earlier
		FROM sessions s LEFT JOIN held_out h USING (user_id) LEFT JOIN trained_users t USING (user_id)
		WHERE NOT (${leaves})`;
	const examples = `CREATE TABLE examples AS
		WITH last_search AS (
			SELECT user_id, ord, last_value(query_id IGNORE NULLS) OVER (
				PARTITION BY user_id, session_ord ORDER BY ord ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
			) AS query_id FROM sessions
		), session_start AS (
			SELECT user_id, ord AS session_ord, "at" AS session_at FROM sessions WHERE starts_session
		), sided AS (
			SELECT k.user_id, p.split, k.item_id AS target_item, k.ord AS target_ord, k."at" AS target_at, k.session_ord, k.train
			FROM kept k JOIN targets p USING (user_id, ord) WHERE k.earlier > 0 AND p.split IS NOT NULL
		)
		SELECT (row_number() OVER (ORDER BY s.user_id, s.target_ord) - 1)::INTEGER AS example_id, s.user_id, s.split,
			s.target_item, s.target_ord, s.target_at, s.session_ord, b.session_at, l.query_id,
			s.target_item NOT IN (SELECT item_id FROM kept WHERE train AND item_id IS NOT NULL) AS cold
		FROM sided s JOIN session_start b USING (user_id, session_ord) 
			LEFT JOIN last_search l ON l.user_id = s.user_id AND l.ord = s.target_ord
		WHERE s.split <> 'train' OR s.train`;
	return {
		undated: `SELECT count(*) FILTER ("at" IS NULL)::DOUBLE AS undated FROM ${interactions}`,
		statements: [
			{ step: `${target}s`, statement: repeated },
			{ step: `${target}s`, statement: cut },
			{ step: `${target}s`, statement: targets },
			{ step: `held-out ${target}s`, statement: heldOut },
			{ step: "queries", statement: queries },
			{ step: "sessions", statement: marked },
			{ step: "sessions", statement: sessions },
			{ step: "training sequences", statement: keptUsers },
			{ step: "events", statement: kept },
			{ step: "examples", statement: examples },
		],
		events: 'SELECT user_id, ord, action, item_id, query_id, "at", train FROM kept ORDER BY user_id, ord',
		summary: `SELECT
			(SELECT strftime(valid_from, '%Y-%m-%dT%H:%M:%S.%fZ') FROM cut) AS "trainUntil",
			(SELECT count(DISTINCT user_id) FROM kept)::DOUBLE AS users,
			(SELECT count(*) FROM queries)::DOUBLE AS queries,
			(SELECT count(*) FROM kept)::DOUBLE AS events,
			(SELECT count(*) FILTER (train) FROM kept)::DOUBLE AS "trainEvents",
			(SELECT count(*) FROM sessions)::DOUBLE - (SELECT count(*) FROM kept)::DOUBLE AS "droppedClicks",
			count(*) FILTER (split = 'train')::DOUBLE AS "trainExamples",
			count(*) FILTER (split = 'valid')::DOUBLE AS "validExamples",
			count(*) FILTER (split = 'test')::DOUBLE AS "testExamples",
			count(*) FILTER (split = 'test' AND query_id IS NOT NULL)::DOUBLE AS "testWithQuery",
			count(*) FILTER (split = 'test' AND cold)::DOUBLE AS "coldTest" FROM examples`,
	};
}
