import { madeUnlike, storedEnvironment } from "@atelier/core";
import type { Database } from "@atelier/db";

/** Where the runs of a table or comparison were not made alike, in one sentence; null where they were. */
export async function makingNote(db: Database, runIds: readonly string[]): Promise<string | null> {
	const rows = await db.$queryRaw<{ kind: string; revision: number; environment: unknown }[]>`
		SELECT DISTINCT stage.kind, stage.revision, attempt.environment
		FROM run_stage JOIN stage ON stage.key = run_stage.stage_key JOIN attempt ON attempt.id = stage.attempt_id
		WHERE run_stage.run_id = ANY(${[...runIds]})`;
	return madeUnlike(
		rows.map(({ environment, ...stage }) => ({ ...stage, environment: storedEnvironment.parse(environment) })),
	);
}
