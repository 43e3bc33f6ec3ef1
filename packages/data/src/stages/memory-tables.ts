import { parquet } from "../duckdb";
import { text } from "../sql";

interface MemoryRequest {
	/** Folders of the inputs. */
	dataset: string;
	split: string;
	encodeQueries: string;
	/** Where a split by time ends the training part for everyone (ISO 8601, UTC); null for leave-one-out. */
	trainUntil: string | null;
	/** Q. */
	queries: number;
	/** V. */
	products: number;
	/** Length of a stored listing, too: a product below that position says nothing of the query. */
	listLength: number;
}

interface MemoryTables {
	/** Build `shown`: query_id, item_id, position (null for purchases), at, user_id, exposed (false for purchases). */
	statements: string[];
	totals: string;
	memory: string;
	/** What each query showed, by query and time; rows without a time first. */
	shown: string;
	/** Which example asks which of its nearest Q queries, by query and time; those without a time last. */
	requests: string;
	/** Every example with what its nearest queries answered (tables `offers`, `listings`), in the order of `example_id`. */
	offered: string;
	coverage: string;
}

/** Best position first, then shown (or bought) most often, then the smaller id. */
const LISTING_ORDER = "min(position), count(*) DESC, item_id";

/**
 * The query-product memory as SQL; `docs/contracts.md` ("memory") has the rules. An example sees only what was shown
 * before its session; where one of the two has no time, only what was shown to others.
 */
export function memoryTables(request: MemoryRequest): MemoryTables {
	const { dataset, split, queries, products, listLength } = request;
	const exposures = parquet(dataset, "exposures.parquet");
	const examples = parquet(split, "examples.parquet");
	const events = parquet(split, "events.parquet");
	const words = parquet(split, "queries.parquet");
	const neighbours = parquet(request.encodeQueries, "neighbours.parquet");

	// Where a shopper's training part ends: the session of the first held-out purchase.
	const heldOut = `CREATE TABLE held_out AS
		SELECT user_id, arg_min(session_at, target_ord) AS until FROM ${examples} WHERE split <> 'train' GROUP BY user_id`;
	// In the low-resource setting most shoppers have no training part at all.
	const untrained = `CREATE TABLE untrained AS
		SELECT user_id FROM ${events} GROUP BY user_id HAVING NOT bool_or(train)`;
	const seen = `CREATE TABLE seen AS
		SELECT q.query_id, e.item_id, e.position, e."at", e.user_id, h.until, h.user_id IS NOT NULL AS held_out
		FROM ${exposures} e JOIN ${words} q USING (query)
		LEFT JOIN held_out h ON h.user_id = e.user_id
		WHERE e.user_id IS NULL OR e.user_id NOT IN (SELECT user_id FROM untrained)`;
	// Null where an exposure without a time cannot be placed.
	const untilForAll =
		request.trainUntil === null ? "true" : `"at" < ${text(request.trainUntil)}::TIMESTAMPTZ::TIMESTAMP`;
	const isTraining = `(NOT held_out OR "at" < until) AND ${untilForAll}`;
	const shown = `CREATE TABLE shown AS
		SELECT query_id, item_id, position, "at", user_id, true AS exposed FROM seen WHERE ${isTraining}
		UNION ALL
		SELECT query_id, target_item, NULL, target_at, user_id, false FROM ${examples}
		WHERE split = 'train' AND query_id IS NOT NULL AND NOT EXISTS (FROM ${exposures})`;
	// When a query was first shown at all, and to whom: enough to tell whether an example may see any of it.
	const first = `CREATE TABLE first_shown AS
		SELECT query_id, "at" IS NOT NULL AS dated, min("at") AS "at", min(user_id) AS low_user, max(user_id) AS high_user,
			bool_or(user_id IS NULL) AS anonymous FROM shown GROUP BY ALL`;
	const nearest = `CREATE TABLE nearest AS
		SELECT * FROM (
			SELECT DISTINCT x.example_id, x.user_id, x.session_at, n.neighbour_id, n.similarity::DOUBLE AS similarity
			FROM ${examples} x JOIN ${neighbours} n ON n.query_id = x.query_id
			JOIN first_shown f ON f.query_id = n.neighbour_id
			WHERE CASE WHEN f.dated AND x.session_at IS NOT NULL THEN f."at" < x.session_at
				ELSE f.anonymous OR f.low_user <> x.user_id OR f.high_user <> x.user_id END
		) QUALIFY row_number() OVER (PARTITION BY example_id ORDER BY similarity DESC, neighbour_id) <= ${queries}`;
	const offered = `SELECT x.example_id, o.neighbours FROM ${examples} x LEFT JOIN (
			SELECT example_id, list({query_id: neighbour_id, similarity: similarity, items: items}
				ORDER BY similarity DESC, neighbour_id) AS neighbours
			FROM offers JOIN listings USING (listing_id) GROUP BY example_id
		) o USING (example_id) ORDER BY x.example_id`;

	return {
		statements: [heldOut, untrained, seen, shown, first, nearest],
		totals: `SELECT
			(SELECT count(*) FROM ${examples})::DOUBLE AS examples,
			(SELECT count(*) FROM nearest)::DOUBLE AS requests,
			count(*)::DOUBLE AS shown, count(DISTINCT query_id)::DOUBLE AS queries,
			coalesce(bool_or(exposed), true) AS "fromExposures",
			(SELECT count(*) FROM seen WHERE (${isTraining}) IS NULL)::DOUBLE AS unplaced,
			count(*) FILTER (exposed AND "at" IS NULL)::DOUBLE AS undated FROM shown`,
		memory: `SELECT query_id, item_id, place::INTEGER AS position FROM (
				SELECT query_id, item_id, row_number() OVER (PARTITION BY query_id ORDER BY ${LISTING_ORDER}) AS place
				FROM shown GROUP BY query_id, item_id
			) WHERE place <= ${listLength} ORDER BY query_id, place`,
		shown: `SELECT query_id, item_id, position, epoch_ms("at")::DOUBLE AS "at", user_id FROM shown
			ORDER BY query_id, "at" NULLS FIRST`,
		requests: `SELECT neighbour_id AS query_id, example_id, user_id, epoch_ms(session_at)::DOUBLE AS until, similarity
			FROM nearest ORDER BY neighbour_id, session_at NULLS LAST`,
		offered,
		coverage: `SELECT
			count(*) FILTER (len(c.items) > 0)::DOUBLE AS "withCandidates",
			count(*) FILTER (list_contains(c.items, e.target_item))::DOUBLE AS "withTarget",
			count(*) FILTER (list_contains(c.items[1:${products}], e.target_item))::DOUBLE AS "withTargetInPrompt"
			FROM candidates c JOIN ${examples} e USING (example_id) WHERE e.split = 'test'`,
	};
}
