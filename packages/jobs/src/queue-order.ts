import { LOCAL_HOST, TRAINER_KINDS } from "@atelier/core";
import { type Database, Prisma } from "@atelier/db";

/** The record, or a transaction on it. */
type Target = Database | Prisma.TransactionClient;

export const PRIORITIES = { lowest: -10, usual: 0, highest: 10 } as const;

/** A stage that may start, and the run in whose name: a shared stage goes with the foremost run that needs it. */
export interface ReadyStage {
	key: string;
	runId: string;
	launchId: string;
	isTraining: boolean;
}

/** A host with a free slot, for which a stage is looked for. */
export interface Opening {
	host: string;
	/** Only stages of these kinds. */
	kinds: readonly string[] | "all";
	/** GPUs that are free. A host that has any takes what needs none only from launches that name it. */
	gpus: number;
	allGpus: number;
	/** Of one of its GPUs, and of the machine; null where nobody knows, and all is taken to fit. */
	gpuMemoryGb: number | null;
	memoryGb: number | null;
}

/** The stage that goes onto a host, with what it holds there. */
export interface NextStage extends ReadyStage {
	kind: string;
	gpus: number;
	memoryGb: number | null;
	budgetGpuHours: number | null;
}

const IS_TRAINING = Prisma.sql`(stage.kind = ANY(${[...TRAINER_KINDS]}))`;

/** Ready stages, each as often as live runs need it, or ended ones that are mended. */
const CANDIDATES = Prisma.sql`
	stage JOIN run_stage ON run_stage.stage_key = stage.key
	JOIN run ON run.id = run_stage.run_id AND (run.status IN ('queued', 'running') OR run.repairs)
	JOIN launch ON launch.id = run.launch_id
	WHERE stage.ready AND NOT EXISTS (
		-- Its cancelled attempt still runs: a process that takes its time to end.
		SELECT 1 FROM attempt WHERE attempt.stage_key = stage.key AND attempt.status = 'cancelled' AND attempt.finished_at IS NULL
	)`;

/**
 * The order of the queue (docs/decisions/0014-the-order-of-stages.md): what someone moved up; then launches of higher
 * priority; at equal priority what takes seconds before what trains, and launches in turn, the one that has waited
 * longest since its last turn first. Within a launch its runs in their order.
 */
const ORDER = Prisma.sql`
	run.moved_up_at DESC NULLS LAST, launch.priority DESC, ${IS_TRAINING}, launch.turn_at, launch.created_at, launch.id,
	run.place, run.id, run_stage.ordinal`;

/**
 * The stage that gets the next free slot of a host, among those that may run there; null when none is ready.
 *
 * @param except keys of stages that are passed over
 */
export async function nextReadyStage(
	target: Target,
	opening: Opening,
	except: readonly string[] = [],
): Promise<NextStage | null> {
	const { kinds } = opening;
	const ofKinds = kinds === "all" ? Prisma.empty : Prisma.sql`AND stage.kind = ANY(${[...kinds]})`;
	const [next] = await target.$queryRaw<NextStage[]>`
		SELECT stage.key, stage.kind, run.id AS "runId", launch.id AS "launchId", ${IS_TRAINING} AS "isTraining",
			CASE WHEN ${IS_TRAINING} THEN run_stage.gpus ELSE 0 END AS gpus, run_stage.memory_gb AS "memoryGb",
			launch.budget_gpu_hours AS "budgetGpuHours"
		FROM ${CANDIDATES} ${ofKinds} AND ${mayRunAt(opening)} AND stage.key <> ALL(${[...except]})
		ORDER BY ${ORDER} LIMIT 1`;
	return next ?? null;
}

/** TypeScript stages run in the worker, so on `local`; the trainer's where their launch and their needs allow. */
function mayRunAt({ host, gpus, allGpus, gpuMemoryGb, memoryGb }: Opening): Prisma.Sql {
	const isLocal = host === LOCAL_HOST;
	// A machine with GPUs is dear: what needs none stays off it unless a launch says so. The worker's own is there anyway.
	const isOpen = isLocal || allGpus === 0;
	return Prisma.sql`(
		(NOT ${IS_TRAINING} AND ${isLocal}) OR (${IS_TRAINING} AND run_stage.gpus <= ${gpus}
			AND (launch.on_host = ${host} OR (launch.on_host IS NULL AND (${isOpen} OR run_stage.gpus > 0)))
			AND coalesce(run_stage.memory_gb, 0) <= coalesce(
				CASE WHEN run_stage.gpus > 0 THEN ${gpuMemoryGb}::float8 ELSE ${memoryGb}::float8 END, 'Infinity'))
	)`;
}

/** Notes that a launch has had its turn. Only trainings count: what takes seconds is nobody's turn. */
export async function endTurn(target: Target, { launchId, isTraining }: ReadyStage): Promise<void> {
	if (!isTraining) return;
	await target.$executeRaw`
		UPDATE launch SET turn_at = greatest(turn_at, clock_timestamp() AT TIME ZONE 'UTC') WHERE id = ${launchId}`;
}

export interface QueuePlace extends ReadyStage {
	kind: string;
	/** From 1: how many slots must become free until it starts, if nothing changes in between. */
	position: number;
	/** Ready stages in all. */
	of: number;
}

/**
 * Every ready stage in the order in which they will start as things stand: that of {@link nextReadyStage}, with the
 * turns played through.
 */
export async function queueOrder(target: Target): Promise<QueuePlace[]> {
	return target.$queryRaw<QueuePlace[]>`
		WITH candidate AS (
			SELECT stage.key, stage.kind, run.id AS run_id, run.moved_up_at, run.place, run_stage.ordinal, launch.id AS launch_id,
				launch.priority, launch.turn_at, launch.created_at, ${IS_TRAINING} AS is_training,
				row_number() OVER (PARTITION BY stage.key ORDER BY ${ORDER}) AS needed
			FROM ${CANDIDATES}
		), turn AS (
			SELECT *, row_number() OVER (
				PARTITION BY launch_id, is_training, moved_up_at IS NULL ORDER BY moved_up_at DESC, place, run_id, ordinal
			) AS nth
			FROM candidate WHERE needed = 1
		)
		SELECT key, kind, run_id AS "runId", launch_id AS "launchId", is_training AS "isTraining",
			(row_number() OVER (
				ORDER BY moved_up_at DESC NULLS LAST, priority DESC, is_training,
					CASE WHEN is_training AND moved_up_at IS NULL THEN nth ELSE 0 END,
					turn_at, created_at, launch_id, place, run_id, ordinal
			))::integer AS position,
			(count(*) OVER ())::integer AS "of"
		FROM turn ORDER BY position`;
}
