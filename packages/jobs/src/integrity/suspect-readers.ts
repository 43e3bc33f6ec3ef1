import type { RunWarning } from "@atelier/core";
import { Prisma } from "@atelier/db";
import { appendRunWarnings } from "../append-run-warnings";
import { MADE_FROM_DAMAGED } from "./mend-runs";

export interface Suspect {
	/** Attempt or dataset that was found damaged. */
	id: string;
	/** As a sentence names it. */
	what: string;
	damage: string;
	/** When every byte of it was last found right. */
	verifiedAt: Date | null;
}

/**
 * Notes which results may rest on something damaged: whatever was begun from it after it was last read in full, and
 * whatever was made of that. When the damage was done nobody can know; what was begun before was right. Runs with such
 * results warn of it.
 */
export async function suspectReaders(tx: Prisma.TransactionClient, suspect: Suspect): Promise<void> {
	const { id, what, damage, verifiedAt } = suspect;
	const since = verifiedAt === null ? Prisma.empty : Prisma.sql`AND attempt.started_at > ${verifiedAt}`;
	const suspicion = `It may have been made from ${what} after that was damaged (${damage}).`;
	const rows = await tx.$queryRaw<{ id: string; kind: string }[]>`
		WITH RECURSIVE reader AS (
			SELECT attempt.id FROM attempt
			WHERE attempt.status = 'succeeded' ${since}
				AND EXISTS (SELECT 1 FROM jsonb_each_text(attempt.inputs) AS input WHERE input.value = ${id})
			UNION
			SELECT attempt.id FROM attempt JOIN reader
				ON EXISTS (SELECT 1 FROM jsonb_each_text(attempt.inputs) AS input WHERE input.value = reader.id)
			WHERE attempt.status = 'succeeded'
		)
		UPDATE attempt SET suspicion = coalesce(suspicion, ${suspicion}) FROM reader, stage
		WHERE attempt.id = reader.id AND stage.key = attempt.stage_key
		RETURNING attempt.id, stage.kind`;
	for (const reader of rows) {
		const runs = await tx.$queryRaw<{ id: string }[]>`
			SELECT run.id FROM run JOIN run_stage ON run_stage.run_id = run.id JOIN stage ON stage.key = run_stage.stage_key
			WHERE stage.attempt_id = ${reader.id} AND run.status = 'succeeded'`;
		const warning = suspicionWarning(reader.kind, suspicion);
		await appendRunWarnings(
			tx,
			runs.map((run) => run.id),
			[warning],
		);
	}
}

/** What a run warns of whose stage of that kind is suspected. */
export function suspicionWarning(kind: string, suspicion: string): RunWarning {
	return { code: MADE_FROM_DAMAGED, message: `${kind}: ${suspicion} Retry the run to have it made again.` };
}
