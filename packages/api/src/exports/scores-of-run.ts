import { storedScores } from "@atelier/data";
import type { Database } from "@atelier/db";
import { checkAttempt } from "@atelier/jobs";
import type { Services } from "../context";
import { storeOf } from "../store/store-of";

/** Asked for examples in the order of their numbers; null where a list has no scores. */
export interface ScoresInOrder {
	of(exampleId: number): Promise<string | null>;
	close(): Promise<void>;
}

const NONE: ScoresInOrder = { of: async () => null, close: async () => undefined };
/** As many as the record keeps of a list. */
const LENGTH = 100;

/**
 * The scores behind a run's lists, as JSON. Only what ranks by itself has them: a mixed list is of no one scale. They lie
 * in the store; where that has lost or damaged them, there are none.
 */
export async function scoresOfRun(services: Pick<Services, "db" | "store">, runId: string): Promise<ScoresInOrder> {
	const ref = await rankingOf(services, runId);
	if (ref === null) return NONE;
	const batches = storedScores(await storeOf(services).folder(ref, { files: ["ranks.parquet"] }), LENGTH);
	let batch: { example_id: number; scores: string | null }[] = [];
	let place = 0;
	return {
		async of(exampleId) {
			for (;;) {
				const row = batch[place];
				if (row === undefined) {
					const next = await batches.next();
					if (next.done) return null;
					batch = next.value;
					place = 0;
				} else if (row.example_id < exampleId) place += 1;
				else return row.example_id === exampleId ? row.scores : null;
			}
		},
		async close() {
			await batches.return(undefined);
		},
	};
}

/** Where the ranking lies that a run's evaluation read, as long as it is what was written. */
async function rankingOf(services: Pick<Services, "db" | "store">, runId: string): Promise<string | null> {
	const attemptId = await attemptOf(services.db, runId);
	if (attemptId === null) return null;
	const checked = await checkAttempt(services.db, storeOf(services), attemptId);
	return checked?.damage === null ? checked.path : null;
}

async function attemptOf(db: Database, runId: string): Promise<string | null> {
	const rows = await db.$queryRaw<{ attemptId: string | null }[]>`
		SELECT ranking.attempt_id AS "attemptId" FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
		JOIN stage AS ranking ON ranking.key = stage.inputs ->> 'baseline'
		WHERE run_stage.run_id = ${runId} AND stage.kind = 'evaluate' AND ranking.status = 'succeeded' LIMIT 1`;
	return rows[0]?.attemptId ?? null;
}
