import { AppError, type StageKind } from "@atelier/core";
import { type DuckDbRow, type DuckDbValue, parquet } from "@atelier/data";
import type { CopyValue } from "@atelier/db";
import type { Store } from "@atelier/store";
import type { HeldAttempt } from "../stages/attempt";
import { columnList } from "./column-list";

/** One table of the record that a stage fills; `stage_key` comes first and is not among the columns. */
export interface StageTable {
	table: string;
	columns: readonly string[];
	/** DuckDB query whose columns stand in the same order. */
	query: string;
	toRow: (row: DuckDbRow) => CopyValue[];
}

/** The one file beside a stage's own that its tables are joined with. */
const JOINED: Partial<Record<StageKind, { input: string; file: string }>> = {
	split: { input: "dataset", file: "interactions.parquet" },
	memory: { input: "split", file: "examples.parquet" },
};

/** What the record keeps of a stage (docs/contracts.md says what the files hold). */
export async function tablesOf(
	store: Store,
	{ id, kind, folder, inputs }: Pick<HeldAttempt, "id" | "kind" | "folder" | "inputs">,
): Promise<StageTable[]> {
	const joined = JOINED[kind];
	const ref = joined && inputs[joined.input];
	const other = ref === undefined ? undefined : await store.folder(ref, { files: [joined?.file ?? ""], holder: id });
	return stageTables(kind, folder, other);
}

function stageTables(kind: StageKind, folder: string, joined: string | undefined): StageTable[] {
	switch (kind) {
		case "split":
			return [
				plain("query", ["query_id", "query", "derived", "searches"], `FROM ${parquet(folder, "queries.parquet")}`),
				examples(folder, joined),
			];
		case "memory":
			return [
				plain(
					"memory_listing",
					["query_id", "items"],
					`SELECT query_id, list(item_id ORDER BY position) AS items
					FROM ${parquet(folder, "memory.parquet")} GROUP BY query_id`,
				),
				plain(
					"candidates",
					["example_id", "items", "origins", "neighbours", "similarities"],
					`FROM ${parquet(folder, "candidates.parquet")} SEMI JOIN (
						FROM ${parquet(joined, "examples.parquet")} WHERE split = 'test') USING (example_id)`,
				),
			];
		case "prompts":
			return [
				plain(
					"prompt",
					["example_id", "prompt", "response", "candidates", "target_at"],
					`FROM ${parquet(folder, "prompts.parquet")} WHERE split = 'test'`,
				),
			];
		case "parse":
			return [
				plain(
					"generation",
					["example_id", "text", "log_probability", "item_id", "title", "failure"],
					`FROM ${parquet(folder, "parsed.parquet")}`,
				),
			];
		case "retrieve":
			return [
				plain("retrieved_list", ["example_id", "id_list", "title_list"], `FROM ${parquet(folder, "lists.parquet")}`),
			];
		case "encode-queries":
		case "title-encoder":
		case "id-encoder":
			return [embeddings(folder)];
		case "base-model":
		case "fine-tune":
		case "generate":
		case "pools":
		case "rerank":
		case "baseline":
		case "outside":
		case "evaluate":
			return [];
	}
}

/** Columns whose names and values are the same in the file and in the record. */
function plain(table: string, columns: readonly string[], from: string): StageTable {
	const query = from.startsWith("SELECT") ? from : `SELECT ${columnList(columns)} ${from}`;
	return { table, columns, query, toRow: (row) => columns.map((column) => copyValue(row[column])) };
}

/** Test examples. `ord` in a split is the dataset's own, so the targets are found in `interaction` as they are. */
function examples(folder: string, dataset: string | undefined): StageTable {
	return plain(
		"example",
		["example_id", "user_id", "user_key", "target_item", "target_ord", "session_ord", "session_at", "query", "cold"],
		`SELECT example_id, user_id, user_key, target_item, target_ord, session_ord, session_at, query, cold
		FROM ${parquet(folder, "examples.parquet")}
		JOIN (SELECT user_id, any_value(user_key) AS user_key FROM ${parquet(dataset, "interactions.parquet")}
			GROUP BY user_id) USING (user_id)
		LEFT JOIN ${parquet(folder, "queries.parquet")} USING (query_id)
		WHERE split = 'test' ORDER BY example_id`,
	);
}

function embeddings(folder: string): StageTable {
	return {
		table: "embedding",
		columns: ["ref_id", "vector"],
		query: `SELECT id, vector FROM ${parquet(folder, "vectors.parquet")}`,
		toRow: ({ id, vector }) => {
			if (!Array.isArray(vector)) throw new AppError("BAD_DATA", `vectors.parquet in ${folder} holds no lists.`);
			return [copyValue(id), Float32Array.from(vector, Number)];
		},
	};
}

export function copyValue(value: DuckDbValue | undefined): CopyValue {
	if (value instanceof Uint8Array) throw new AppError("INTERNAL", "The record holds no binary columns.");
	if (Array.isArray(value)) return value.map(copyValue);
	return value;
}
