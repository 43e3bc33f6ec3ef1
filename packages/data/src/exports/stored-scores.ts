import { z } from "zod";
import { openDuckDb, parquet } from "../duckdb";

const scoresRow = z.object({ example_id: z.number(), scores: z.string().nullable() });

/**
 * The scores of a baseline's lists, by `example_id` upwards, each list as JSON: nobody on the way needs the numbers, and
 * as numbers they would be ten million objects.
 *
 * @param folder of the stage that ranked
 * @param length at most so many of each list, as the record keeps of its items
 */
export async function* storedScores(folder: string, length: number): AsyncGenerator<z.infer<typeof scoresRow>[]> {
	const db = await openDuckDb({ memoryLimit: "256MB", threads: 1 });
	try {
		yield* db.batches(
			scoresRow,
			`SELECT example_id, to_json(list_transform(scores[1:${length}],
					lambda score: CASE WHEN isfinite(score) THEN score::DOUBLE END))::VARCHAR AS scores
				FROM ${parquet(folder, "ranks.parquet")} ORDER BY example_id`,
		);
	} finally {
		db.close();
	}
}
