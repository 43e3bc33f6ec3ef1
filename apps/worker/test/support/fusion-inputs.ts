import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { featureNames, type RerankerModel } from "@atelier/core";
import { openDuckDb } from "@atelier/data";

const ITEMS = 3_000;
const LIST = 100;

/** The inputs of an evaluate stage with the re-ranker, for as many validation and test examples; lists are by a hash. */
export async function writeFusionInputs(folder: string, examples: number): Promise<Record<string, string>> {
	const names = ["dataset", "split", "parse", "retrieve", "memory", "core", "reranker"];
	const inputs = Object.fromEntries(names.map((name) => [name, join(folder, name)] as const));
	for (const name of names) await mkdir(join(folder, name), { recursive: true });
	const item = (salt: string) => `(hash(${salt}) % ${ITEMS})::INTEGER + 1`;
	const list = (salt: string) =>
		`list_distinct(list_transform(range(${LIST}), place -> (hash(example_id * 1000 + place + ${salt}) % ${ITEMS})::INTEGER + 1))`;
	const all = `(SELECT range::INTEGER AS example_id, IF(range < ${examples}, 'valid', 'test') AS split FROM range(${2 * examples}))`;
	const target = `(${list("7")})[1 + example_id % 40]`;
	const db = await openDuckDb({ threads: 1 });
	try {
		const write = (name: string, file: string, query: string) => db.writeParquet(query, join(folder, name, file));
		await write(
			"dataset",
			"items.parquet",
			`SELECT range::INTEGER + 1 AS item_id, 'item' AS title, NULL::VARCHAR AS family FROM range(${ITEMS})`,
		);
		await write(
			"split",
			"examples.parquet",
			`SELECT example_id, example_id AS user_id, split, ${target} AS target_item, 9 AS target_ord, false AS cold,
				NULL::INTEGER AS query_id FROM ${all}`,
		);
		await write(
			"split",
			"events.parquet",
			`SELECT example_id AS user_id, ord::INTEGER AS ord, 'click' AS action, ${item("example_id * 10 + ord")} AS item_id,
				NULL::INTEGER AS query_id, true AS train FROM ${all}, range(9) t(ord)`,
		);
		await write("parse", "parsed.parquet", `SELECT example_id, ${item("example_id")} AS item_id FROM ${all}`);
		await write(
			"retrieve",
			"lists.parquet",
			`SELECT example_id, ${list("1")} AS id_list, ${list("7")} AS title_list, []::INTEGER[] AS query_list FROM ${all}`,
		);
		await write("memory", "candidates.parquet", `SELECT example_id, ${list("3")} AS items FROM ${all}`);
		for (const [file, part] of [
			["ranks.parquet", "test"],
			["valid_ranks.parquet", "valid"],
		] as const) {
			await write("core", file, `SELECT example_id, ${list("5")} AS items FROM ${all} WHERE split = '${part}'`);
		}
	} finally {
		db.close();
	}
	const model: RerankerModel = {
		contract: 1,
		examples,
		fittedOn: examples,
		penalty: 1,
		crossValidation: [],
		features: featureNames(["memory", "id", "title", "core"]).map((name, place) => ({
			name,
			weight: 1 / (place + 1),
			deviation: 1,
		})),
	};
	await writeFile(join(folder, "reranker", "reranker.json"), JSON.stringify(model));
	return { ...inputs, generate: join(folder, "parse") };
}
