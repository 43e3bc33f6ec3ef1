import { bootstrapContrast, type Contrast, type OutcomeGroup, PAIRED_SAMPLES } from "@atelier/core";
import type { Database } from "@atelier/db";

/** One run of a contrast with its weight. */
export interface Term {
	runId: string;
	weight: number;
}

interface RunOfSeed {
	id: string;
	seed: number;
}

/** Predictions of a succeeded run never change, so neither does what was computed from them. */
const known = new Map<string, Contrast | null>();
const MOST_KNOWN = 5_000;

/**
 * The mean over seeds of `plus` runs minus `minus` runs, each side a list of cells, over the seeds that all cells have:
 * users are paired, and seeds too.
 *
 * @returns null when no seed is common to all cells, or the runs do not share their test examples.
 */
export async function contrastCells(
	db: Database,
	plus: readonly (readonly RunOfSeed[])[],
	minus: readonly (readonly RunOfSeed[])[],
	k: number,
): Promise<Contrast | null> {
	const cells = [...plus, ...minus];
	const seeds = (cells[0] ?? []).map(({ seed }) => seed);
	const common = seeds.filter((seed) => cells.every((runs) => runs.some((run) => run.seed === seed)));
	if (common.length === 0) return null;
	const termsOf = (runs: readonly RunOfSeed[], sign: number): Term[] =>
		runs
			.filter(({ seed }) => common.includes(seed))
			.map(({ id, seed }) => ({ runId: id, seed, weight: sign / common.length }))
			.sort((a, b) => a.seed - b.seed);
	return contrastRuns(
		db,
		[...plus.flatMap((runs) => termsOf(runs, 1)), ...minus.flatMap((runs) => termsOf(runs, -1))],
		k,
	);
}

/** @returns null when the runs do not share their test examples. */
export async function contrastRuns(db: Database, terms: readonly Term[], k: number): Promise<Contrast | null> {
	const key = `${k} ${terms.map(({ runId, weight }) => `${runId}:${weight}`).join(" ")}`;
	const found = known.get(key);
	if (found !== undefined) return found;
	const ids = terms.map(({ runId }) => runId);
	const groups = await jointOutcomes(db, ids, k);
	const contrast =
		groups === null
			? null
			: bootstrapContrast(
					groups,
					terms.map(({ weight }) => weight),
					{ k, samples: PAIRED_SAMPLES, seed: 1 },
				);
	if (known.size >= MOST_KNOWN) known.clear();
	known.set(key, contrast);
	return contrast;
}

/**
 * Users by the rank of their ground truth in every run; null unless all runs have the same test examples. Examples are
 * the same when user and purchase are: their numbers differ between splits that keep different training sequences.
 */
async function jointOutcomes(db: Database, runIds: readonly string[], k: number): Promise<OutcomeGroup[] | null> {
	const rows = await db.$queryRaw<{ ranks: number[]; users: number }[]>`
		WITH ranked AS (
			SELECT listed.place, prediction.user_id, prediction.ground_truth,
				row_number() OVER (
					PARTITION BY listed.place, prediction.user_id, prediction.ground_truth ORDER BY prediction.example_id
				) AS occurrence,
				CASE WHEN prediction.rank <= ${k} THEN prediction.rank ELSE 0 END AS rank
			FROM unnest(${[...runIds]}::text[]) WITH ORDINALITY AS listed(run_id, place)
			JOIN prediction USING (run_id)
		), joint AS (
			SELECT array_agg(rank ORDER BY place) AS ranks FROM ranked GROUP BY user_id, ground_truth, occurrence
		)
		SELECT ranks, count(*)::int AS users FROM joint GROUP BY ranks`;
	if (rows.length === 0 || rows.some(({ ranks }) => ranks.length !== runIds.length)) return null;
	return rows.map(({ ranks, users }) => ({ ranks: ranks.map((rank) => (rank === 0 ? null : rank)), users }));
}
