import type { Pool, PoolClient } from "@atelier/db";

/** Where lists are empty (ranks alone were handed over) and the configuration says no K. */
const DEPTH_WITHOUT_LISTS = 10;

/**
 * Writes the vector of a run's ranks, and the set of the examples that it was tested on where no run had it before, from
 * the run's predictions; both in place of what was there. It belongs to the transaction that wrote the predictions.
 *
 * @returns false for a run without predictions, which gets none
 */
export async function keepRanks(client: Pool | PoolClient, runId: string): Promise<boolean> {
	const { rowCount } = await client.query(
		`WITH tested AS (
			SELECT user_id, ground_truth, example_id, cardinality(items) AS length,
				greatest(0, least(coalesce(rank, 0), 65535)) AS rank
			FROM prediction WHERE run_id = $1
		), folded AS (
			SELECT count(*)::int AS size, max(length) AS longest,
				string_agg(int4send(user_id) || int4send(ground_truth), ''::bytea
					ORDER BY user_id, ground_truth, example_id) AS members,
				string_agg(substring(int4send(rank) FROM 3), ''::bytea
					ORDER BY user_id, ground_truth, example_id) AS ranks
			FROM tested HAVING count(*) > 0
		), named AS (
			SELECT folded.*, run.id AS run_id, run.dataset_id,
				left(encode(sha256(convert_to(run.dataset_id || ':', 'UTF8') || members), 'hex'), 32) AS set_key,
				greatest(longest, coalesce((run.config #>> '{evaluate,k}')::int, ${DEPTH_WITHOUT_LISTS})) AS depth
			FROM folded JOIN run ON run.id = $1
		), kept AS (
			INSERT INTO example_set (key, dataset_id, size, members) SELECT set_key, dataset_id, size, members FROM named
			ON CONFLICT DO NOTHING
		)
		INSERT INTO rank_vector (run_id, set_key, depth, ranks) SELECT run_id, set_key, depth, ranks FROM named
		ON CONFLICT (run_id) DO UPDATE SET set_key = excluded.set_key, depth = excluded.depth, ranks = excluded.ranks`,
		[runId],
	);
	return rowCount === 1;
}
