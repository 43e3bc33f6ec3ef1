import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError, type RerankedExample, type StageParams } from "@atelier/core";
import { z } from "zod";
import { type DuckDb, parquet } from "../duckdb";
import { inputFolder } from "./context";
import { type ExampleRow, exampleRow, heldOutExamples, numbers, unseen } from "./ranked-list";

type FusionParams = NonNullable<StageParams<"evaluate">["fusion"]>;
type ListName = FusionParams["lists"][number];

const row = exampleRow.extend({
	lists: z.array(numbers),
	candidates: numbers,
	log_probabilities: numbers,
	generated: z.number().nullable(),
	history: numbers,
	clicked: numbers,
	answers: numbers,
});

/** An example with everything that a strategy may look at. */
export interface FusionRow extends RerankedExample {
	example: ExampleRow;
}

export interface FusionRowsRequest {
	inputs: Record<string, string>;
	fusion: Pick<FusionParams, "strategy" | "lists">;
	/** `valid`: the examples that have a generation; `test`: all of them. */
	part: "valid" | "test";
	onlyCold: boolean;
	maskSeen: boolean;
}

/**
 * Lists, likelihoods and history of held-out examples, in batches, in the order of `example_id`.
 *
 * @throws AppError BAD_DATA when the strategy needs likelihoods and the generations have none.
 */
export async function* fusionRowsOf(db: DuckDb, request: FusionRowsRequest): AsyncGenerator<FusionRow[]> {
	for await (const rows of db.batches(row, fusionQuery(request))) {
		yield rows.map(({ lists, candidates, log_probabilities, generated, history, clicked, answers, ...example }) => {
			const allowed = unseen(candidates, example.seen);
			const probability = new Map(candidates.map((item, place) => [item, log_probabilities[place] ?? Number.NaN]));
			return {
				example,
				lists: lists.map((list) => unseen(list, example.seen)),
				candidates: { items: allowed, logProbabilities: allowed.map((item) => probability.get(item) ?? Number.NaN) },
				generated,
				history,
				clicked,
				answers,
			};
		});
	}
}

function fusionQuery({ inputs, fusion, part, onlyCold, maskSeen }: FusionRowsRequest): string {
	const split = inputFolder(inputs, "split");
	const parsed = parquet(inputFolder(inputs, "parse"), "parsed.parquet");
	const joins: string[] = [];
	const columns = fusion.lists.map((name) => `coalesce(${LISTS[name]}, [])::INTEGER[]`);
	const needs = (...names: ListName[]) => names.some((name) => fusion.lists.includes(name));
	const attach = (table: string, alias: string) => joins.push(`LEFT JOIN ${table} ${alias} USING (example_id)`);
	if (needs("memory")) attach(parquet(inputFolder(inputs, "memory"), "candidates.parquet"), "m");
	if (needs("id", "title", "query")) attach(parquet(inputFolder(inputs, "retrieve"), "lists.parquet"), "l");
	if (needs("core")) {
		attach(parquet(inputFolder(inputs, "core"), part === "test" ? "ranks.parquet" : "valid_ranks.parquet"), "c");
	}
	const likelihoods = likelihoodsOf(inputs, fusion);
	if (likelihoods !== null) attach(likelihoods, "k");
	const scored = (column: string, type: string) =>
		likelihoods === null ? `[]::${type}[]` : `coalesce(k.${column}, [])::${type}[]`;
	const isReranked = fusion.strategy === "reranker";
	if (isReranked) {
		attach(
			`(SELECT x.example_id, list(e.item_id ORDER BY e.ord) AS history,
				list(e.item_id ORDER BY e.ord) FILTER (e.action = 'click') AS clicked,
				list(e.item_id ORDER BY e.ord) FILTER (e.asked = x.query_id) AS answers
			FROM ${parquet(split, "examples.parquet")} x JOIN (
				SELECT *, last_value(query_id IGNORE NULLS) OVER (PARTITION BY user_id ORDER BY ord) AS asked
				FROM ${parquet(split, "events.parquet")}) e
				ON e.user_id = x.user_id AND e.ord < x.target_ord AND e.item_id IS NOT NULL
			WHERE x.split = '${part}' GROUP BY x.example_id)`,
			"h",
		);
	}
	return `SELECT x.*, [${columns.join(", ")}] AS lists, ${scored("items", "INTEGER")} AS candidates,
			${scored("log_probabilities", "DOUBLE")} AS log_probabilities, g.item_id AS generated,
			${isReranked ? "coalesce(h.history, [])" : "[]::INTEGER[]"} AS history,
			${isReranked ? "coalesce(h.clicked, [])" : "[]::INTEGER[]"} AS clicked,
			${isReranked ? "coalesce(h.answers, [])" : "[]::INTEGER[]"} AS answers
		FROM (${heldOutExamples({ split, part, onlyCold, masks: maskSeen })}) x
		${part === "valid" ? "JOIN" : "LEFT JOIN"} ${parsed} g USING (example_id)
		${joins.join("\n")} ORDER BY x.example_id`;
}

/** Where each list stands; tables by the aliases of {@link fusionQuery}. */
const LISTS: Record<ListName, string> = {
	memory: "m.items",
	id: "l.id_list",
	title: "l.title_list",
	query: "l.query_list",
	core: "c.items",
};

function likelihoodsOf(inputs: Record<string, string>, { strategy }: Pick<FusionParams, "strategy">): string | null {
	if (strategy === "rrf") return null;
	const folder = inputFolder(inputs, "generate");
	if (existsSync(join(folder, "likelihoods.parquet"))) return parquet(folder, "likelihoods.parquet");
	// The re-ranker does without, and says so by the weight 0.
	if (strategy === "reranker") return null;
	throw new AppError(
		"BAD_DATA",
		"The generations carry no likelihoods. Launch with generate.likelihood=true, or with fusion.strategy=rrf.",
	);
}
