import { AppError, type StageParams } from "@atelier/core";
import { parquet } from "../duckdb";
import { inputFolder } from "./context";
import { idTextsTable } from "./id-texts";

/** Users whose histories are in memory at once. */
const USERS_A_PASS = 2_000;

interface PromptTables {
	/** Build `chosen` (the examples that get a prompt) and, but for letters, `id_texts`. */
	statements: string[];
	/** Ranges of users, one a pass. */
	passes: string;
	events: (low: number, high: number) => string;
	/** Every item that a pass writes, once. */
	items: (low: number, high: number) => string;
	examples: (low: number, high: number) => string;
}

/** @throws AppError BAD_REQUEST for letters without candidates, which leave nothing to answer. */
export function promptTables(inputs: Record<string, string>, params: StageParams<"prompts">): PromptTables {
	const { idForm, products, trainPrompts } = params;
	if (idForm === "letter" && !params.candidates) {
		throw new AppError(
			"BAD_REQUEST",
			"The id form letter names candidates, and this variant shows none: choose another id form or variant.",
		);
	}
	const split = inputFolder(inputs, "split");
	const catalogue = parquet(inputFolder(inputs, "dataset"), "items.parquet");
	const examples = parquet(split, "examples.parquet");
	const events = parquet(split, "events.parquet");
	const memory = params.candidates ? parquet(inputFolder(inputs, "memory"), "candidates.parquet") : null;
	const offered =
		memory === null
			? `SELECT *, []::INTEGER[] AS candidates FROM ${examples}`
			: `SELECT x.*, coalesce(c.items[1:${products}], []) AS candidates FROM ${examples} x
				LEFT JOIN ${memory} c USING (example_id)`;
	// A letter can only name a candidate: to train on another target would teach that it stands for nothing.
	const answerable = idForm === "letter" ? "AND list_contains(candidates, target_item)" : "";
	// The latest purchases saw the memory as full as the held-out ones do.
	const chosen = `CREATE TABLE chosen AS WITH offered AS (${offered})
		(FROM offered WHERE split <> 'train') UNION ALL (FROM offered WHERE split = 'train' ${answerable}
			ORDER BY target_at DESC NULLS LAST, md5(example_id::VARCHAR) LIMIT ${trainPrompts})`;
	const idText = idForm === "letter" ? "NULL::VARCHAR" : "t.id_text";
	return {
		statements: [chosen, ...(idForm === "letter" ? [] : [idTextsTable(catalogue, idForm)])],
		passes: `SELECT place::DOUBLE AS place, min(user_id) AS low, max(user_id) AS high FROM (
			SELECT user_id, (row_number() OVER (ORDER BY user_id) - 1) // ${USERS_A_PASS} AS place
			FROM (SELECT DISTINCT user_id FROM chosen)) GROUP BY place ORDER BY place`,
		events: (low, high) => `SELECT e.user_id, e.ord, e.action, q.query, e.item_id FROM ${events} e
			LEFT JOIN ${parquet(split, "queries.parquet")} q ON q.query_id = e.query_id
			WHERE e.user_id BETWEEN ${low} AND ${high} ORDER BY e.user_id, e.ord`,
		items: (low, high) => `SELECT i.item_id, i.title, i.attributes, ${idText} AS id_text FROM ${catalogue} i
			${idForm === "letter" ? "" : "JOIN id_texts t USING (item_id)"} WHERE i.item_id IN (
				SELECT item_id FROM ${events} WHERE user_id BETWEEN ${low} AND ${high} AND item_id IS NOT NULL
				UNION SELECT target_item FROM chosen WHERE user_id BETWEEN ${low} AND ${high}
				UNION SELECT unnest(candidates) FROM chosen WHERE user_id BETWEEN ${low} AND ${high})`,
		examples: (low, high) => `SELECT example_id, user_id, split, target_item, target_ord, candidates FROM chosen
			WHERE user_id BETWEEN ${low} AND ${high} ORDER BY example_id`,
	};
}
