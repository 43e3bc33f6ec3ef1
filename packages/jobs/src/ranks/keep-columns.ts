import { codeWidth, type ExampleColumn, encodeNumbers } from "@atelier/core";
import { type Database, inTransaction, type Pool } from "@atelier/db";

/** The stages of a run, on the data set that it is tested on, whose columns its slices read. */
export interface ColumnStages {
	split: string | null;
	prompts: string | null;
	parse: string | null;
}

/** By run; a zero-shot run has stages on its source as well, which are not meant. */
export async function columnStagesOf(db: Database, runIds: readonly string[]): Promise<Map<string, ColumnStages>> {
	const rows = await db.$queryRaw<({ runId: string } & ColumnStages)[]>`
		SELECT run.id AS "runId",
			max(stage.key) FILTER (WHERE stage.kind = 'split') AS split,
			max(stage.key) FILTER (WHERE stage.kind = 'prompts') AS prompts,
			max(stage.key) FILTER (WHERE stage.kind = 'parse') AS parse
		FROM run LEFT JOIN run_stage ON run_stage.run_id = run.id
			LEFT JOIN stage ON stage.key = run_stage.stage_key AND stage.dataset_id = run.dataset_id
		WHERE run.id = ANY(${[...runIds]}::text[]) GROUP BY run.id`;
	return new Map(rows.map(({ runId, ...stages }) => [runId, stages]));
}

/**
 * The set of a split's test examples, written where it is not there yet.
 *
 * @returns null for a split that the record holds no examples of
 */
export async function keepSplitSet(pool: Pool, split: string): Promise<{ setKey: string; size: number } | null> {
	const { rows } = await pool.query<{ setKey: string; size: number }>(
		`WITH folded AS (
			SELECT count(*)::int AS size, string_agg(int4send(user_id) || int4send(target_item), ''::bytea
				ORDER BY user_id, target_item, example_id) AS members
			FROM example WHERE stage_key = $1 HAVING count(*) > 0
		), named AS (
			SELECT left(encode(sha256(convert_to(stage.dataset_id || ':', 'UTF8') || members), 'hex'), 32) AS key,
				stage.dataset_id, size, members
			FROM folded JOIN stage ON stage.key = $1
		), kept AS (
			INSERT INTO example_set (key, dataset_id, size, members) SELECT key, dataset_id, size, members FROM named
			ON CONFLICT DO NOTHING
		)
		SELECT key AS "setKey", size FROM named`,
		[split],
	);
	return rows[0] ?? null;
}

/** Writes the columns of a split, all at once: where one is, the others are. Those that are there stay. */
export async function keepExampleColumns(
	pool: Pool,
	split: string,
	setKey: string,
	columns: ReadonlyMap<string, ExampleColumn>,
): Promise<void> {
	await inTransaction(pool, async (client) => {
		for (const [name, { kind, dictionary, codes, lacks }] of columns) {
			const bytes = Buffer.from(encodeNumbers(codes, codeWidth(dictionary.length)));
			// A text of Postgres holds no NUL, which a catalogue may.
			const values = JSON.stringify(dictionary.map((value) => value.replaceAll("\0", "")));
			await client.query(
				`INSERT INTO example_column (stage_key, name, kind, set_key, dictionary, codes, lacks)
				VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
				[split, name.replaceAll("\0", ""), kind, setKey, values, bytes, lacks],
			);
		}
	});
}

/**
 * Writes what a run's prompts showed, as columns of its prompts stage and of its parse stage, in the order of its split's
 * set. A run without prompts has none.
 */
export async function keepRunColumns(
	pool: Pool,
	{ split, prompts, parse }: ColumnStages,
	setKey: string,
): Promise<void> {
	if (split === null || prompts === null) return;
	const insert = (stage: string, name: string, isSet: string, joined: string) =>
		pool.query(
			`INSERT INTO example_column (stage_key, name, kind, set_key, dictionary, codes)
			SELECT $1, $2, 'flag', $3, '[]', string_agg(CASE WHEN ${isSet} THEN '\\x01'::bytea ELSE '\\x00'::bytea END,
				''::bytea ORDER BY example.user_id, example.target_item, example.example_id)
			FROM example LEFT JOIN prompt ON prompt.stage_key = $5 AND prompt.example_id = example.example_id ${joined}
			WHERE example.stage_key = $4 HAVING count(*) > 0 ON CONFLICT DO NOTHING`,
			[stage, name, setKey, split, prompts],
		);
	await insert(prompts, "target-in-candidates", "prompt.target_at > 0", "");
	if (parse === null) return;
	const generation = "LEFT JOIN generation ON generation.stage_key = $1 AND generation.example_id = example.example_id";
	await insert(parse, "answer-in-candidates", "generation.item_id = ANY (prompt.candidates)", generation);
}
