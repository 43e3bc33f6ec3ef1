import { type Database, notify, type Prisma } from "@atelier/db";
import { appendRunWarnings } from "../append-run-warnings";
import { CHANNELS } from "../channels";
import { onQueue } from "../queue-lock";
import { settleRuns } from "../settle-runs";
import { suspectReaders, suspicionWarning } from "./suspect-readers";

/** A stage whose artifact is damaged so often within a day is not made again: something is wrong with the disk. */
const MOST_DAMAGES = 3;

interface DamagedRow {
	stageKey: string;
	kind: string;
	verifiedAt: Date | null;
}

/** Results that came into the record out of a damaged evaluation after it was last read in full. */
async function warnOfResults(
	tx: Prisma.TransactionClient,
	{ attemptId, kind, damage, verifiedAt }: { attemptId: string; kind: string; damage: string; verifiedAt: Date | null },
): Promise<void> {
	if (kind !== "evaluate") return;
	const runs = await tx.run.findMany({
		where: {
			status: "succeeded",
			stages: { some: { stage: { attemptId } } },
			...(verifiedAt && { finishedAt: { gt: verifiedAt } }),
		},
		select: { id: true },
	});
	const suspicion = `Its files were found damaged later (${damage}).`;
	await appendRunWarnings(
		tx,
		runs.map(({ id }) => id),
		[suspicionWarning(kind, suspicion)],
	);
}

/**
 * Notes that what an attempt left in the store is damaged. Its stage gives it up: it goes back to the queue where a run
 * needs it, and waits as `cancelled` for the next that does; stages that read it wait for it anew. What may have been
 * made from it since it was last read in full is suspected.
 */
export async function markStageDamaged(db: Database, attemptId: string, damage: string): Promise<void> {
	await onQueue(db, async (tx) => {
		const [attempt] = await tx.$queryRaw<DamagedRow[]>`
			UPDATE attempt SET damage = ${damage}, damaged_at = now() AT TIME ZONE 'UTC' FROM stage
			WHERE attempt.id = ${attemptId} AND attempt.status = 'succeeded' AND attempt.damage IS NULL
				AND stage.key = attempt.stage_key
			RETURNING attempt.stage_key AS "stageKey", stage.kind, attempt.verified_at AS "verifiedAt"`;
		// Another process found it too.
		if (attempt === undefined) return;
		const { stageKey, kind, verifiedAt } = attempt;
		await suspectReaders(tx, { id: attemptId, what: `${kind} ${stageKey.slice(0, 8)}`, damage, verifiedAt });
		await warnOfResults(tx, { attemptId, kind, damage, verifiedAt });
		const again = `Damaged for the ${MOST_DAMAGES}rd time within a day (${damage}). Check the disk, then retry the run.`;
		await tx.$executeRaw`
			WITH damages AS (
				SELECT count(*) AS number FROM attempt
				WHERE stage_key = ${stageKey} AND damaged_at > now() AT TIME ZONE 'UTC' - interval '1 day'
			), needed AS (
				SELECT EXISTS (
					SELECT 1 FROM run_stage JOIN run ON run.id = run_stage.run_id
					WHERE run_stage.stage_key = ${stageKey} AND (run.status IN ('queued', 'running') OR run.repairs)
				) AS live
			), next AS (
				SELECT (CASE WHEN NOT live THEN 'cancelled' WHEN number >= ${MOST_DAMAGES} THEN 'failed' ELSE 'queued' END)::"WorkStatus"
					AS status
				FROM damages, needed
			)
			UPDATE stage SET status = next.status, error = CASE WHEN next.status = 'failed' THEN ${again} END,
				finished_at = CASE WHEN next.status <> 'queued' THEN now() AT TIME ZONE 'UTC' END,
				attempt_id = NULL, path = NULL, result = NULL, progress = NULL, started_at = NULL,
				damage = ${damage}, damaged_at = now() AT TIME ZONE 'UTC'
			FROM next WHERE stage.key = ${stageKey} AND stage.attempt_id = ${attemptId} AND stage.status = 'succeeded'`;
		await tx.$executeRaw`
			UPDATE run_stage SET reused = false FROM run
			WHERE run_stage.stage_key = ${stageKey} AND run.id = run_stage.run_id AND run.status IN ('queued', 'running')`;
		await settleRuns(tx, stageKey);
		await notify(tx, CHANNELS.events, stageKey);
	});
}
