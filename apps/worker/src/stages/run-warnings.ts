import { evaluationWarnings, type RunWarning, warningPayload } from "@atelier/core";
import type { Database } from "@atelier/db";
import { suspicionWarning } from "@atelier/jobs";
import { z } from "zod";

/** More than this of one stage say no more: its log has them all. */
const MOST_OF_A_STAGE = 5;

/** What a run warns of when it ends: its stages' warnings, then what the size of its evaluation says. */
export async function warningsOf(db: Database, runId: string): Promise<RunWarning[]> {
	return [...(await suspicions(db, runId)), ...(await stageWarnings(db, runId)), ...(await warningsOfSize(db, runId))];
}

/** Where one of its stages may have been made from something damaged. */
async function suspicions(db: Database, runId: string): Promise<RunWarning[]> {
	const rows = await db.$queryRaw<{ kind: string; suspicion: string }[]>`
		SELECT stage.kind, attempt.suspicion FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
		JOIN attempt ON attempt.id = stage.attempt_id
		WHERE run_stage.run_id = ${runId} AND attempt.suspicion IS NOT NULL ORDER BY run_stage.ordinal`;
	return rows.map(({ kind, suspicion }) => suspicionWarning(kind, suspicion));
}

const evaluationFacts = z.object({
	items: z.number().nullable().catch(null),
	k: z.number(),
	examples: z.number(),
});

async function warningsOfSize(db: Database, runId: string): Promise<RunWarning[]> {
	const rows = await db.$queryRaw<unknown[]>`
		SELECT dataset.counts -> 'items' AS items, stage.params -> 'k' AS k, stage.result -> 'count' AS examples
		FROM run JOIN dataset ON dataset.id = run.dataset_id
		JOIN run_stage ON run_stage.run_id = run.id JOIN stage ON stage.key = run_stage.stage_key
		WHERE run.id = ${runId} AND stage.kind = 'evaluate'`;
	return rows.flatMap((row) => {
		const facts = evaluationFacts.safeParse(row);
		return facts.success ? evaluationWarnings(facts.data) : [];
	});
}

/** What the attempts that made a run's stages warned of, in the order of its stages, whichever run they ran for first. */
async function stageWarnings(db: Database, runId: string): Promise<RunWarning[]> {
	const rows = await db.$queryRaw<{ kind: string; payload: unknown }[]>`
		SELECT stage.kind, event.payload FROM run_stage
		JOIN stage ON stage.key = run_stage.stage_key
		JOIN stage_event event ON event.attempt_id = stage.attempt_id AND event.type = 'warning'
		WHERE run_stage.run_id = ${runId} ORDER BY run_stage.ordinal, event.seq`;
	const byStage = new Map<string, RunWarning[]>();
	for (const { kind, payload } of rows) {
		const warning = warningPayload.safeParse(payload);
		if (!warning.success) continue;
		const { code = kind, message } = warning.data;
		byStage.set(kind, [...(byStage.get(kind) ?? []), { code, message }]);
	}
	return [...byStage].flatMap(([kind, all]) => {
		if (all.length <= MOST_OF_A_STAGE) return all;
		const rest = `${all.length - MOST_OF_A_STAGE} more warnings stand in the log of ${kind}`;
		return [...all.slice(0, MOST_OF_A_STAGE), { code: kind, message: rest }];
	});
}
