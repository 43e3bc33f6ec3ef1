import { LOCAL_HOST, startTimes, TRAINER_KINDS, type Waiting } from "@atelier/core";
import type { Database } from "@atelier/db";
import { z } from "zod";
import { estimateDurations } from "./estimate-durations";
import { type QueuePlace, queueOrder } from "./queue-order";

/** Workers that have not been seen for this long run nothing. */
const SILENCE_MS = 20_000;
/** Start times are worked out for this many of the foremost stages; further behind they would be guesses on guesses. */
const FORESEEN = 200;

const trainerState = z
	.object({ state: z.string(), step: z.string().default(""), message: z.string().default("") })
	.catch({ state: "installing", step: "", message: "" });

interface OpenStage {
	runId: string;
	key: string;
	kind: string;
	status: string;
	ready: boolean;
	/** The host that its launch names, where that takes nothing now. */
	closed: { host: string; state: "unreachable" | "draining" | "gone" } | null;
}

/**
 * What each of these waiting runs waits for. A run that is not waiting must not be among them.
 *
 * @param foresee whether to work out when it starts, which reads what such stages took before
 */
export async function waitingRuns(
	db: Database,
	runIds: readonly string[],
	foresee = false,
): Promise<Map<string, Waiting>> {
	if (runIds.length === 0) return new Map();
	const [open, workers, owners] = await Promise.all([openStages(db, runIds), livingWorkers(db), ownersOfRunning(db)]);
	const places = open.some(({ ready }) => ready) ? await queueOrder(db) : [];
	const placeOf = new Map(places.map((place) => [place.key, place]));
	const starts = foresee ? await startsOf(db, places, workers.slots) : new Map<string, number | null>();
	const stagesOf = new Map<string, OpenStage[]>();
	for (const stage of open) stagesOf.set(stage.runId, [...(stagesOf.get(stage.runId) ?? []), stage]);
	const about = { placeOf, starts, owners, workers };
	return new Map(runIds.map((id) => [id, whatFor(stagesOf.get(id) ?? [], about)]));
}

interface About {
	placeOf: ReadonlyMap<string, QueuePlace>;
	starts: ReadonlyMap<string, number | null>;
	/** The run that each running stage runs for. */
	owners: ReadonlyMap<string, string>;
	workers: Workers;
}

function whatFor(stages: readonly OpenStage[], { placeOf, starts, owners, workers }: About): Waiting {
	if (stages.length === 0) return { for: "results", startsInMs: null };
	if (workers.count === 0) return { for: "worker", startsInMs: null };
	const closed = stages.find((stage) => stage.ready && stage.closed !== null);
	if (closed?.closed) return { for: "host", stage: closed.kind, ...closed.closed, startsInMs: null };
	const isTraining = (kind: string) => TRAINER_KINDS.some((trainer) => trainer === kind);
	const ready = stages
		.flatMap((stage) => placeOf.get(stage.key) ?? [])
		.sort((a, b) => a.position - b.position)
		.find(({ kind }) => workers.hasTrainer || !isTraining(kind));
	if (ready) {
		const { key, kind: stage, position, of } = ready;
		return { for: "slot", stage, position, of, startsInMs: starts.get(key) ?? null };
	}
	const shared = stages.find(({ key }) => owners.has(key));
	if (shared) return { for: "stage", stage: shared.kind, runId: owners.get(shared.key) ?? "", startsInMs: null };
	const first = stages.find((stage) => stage.ready) ?? stages[0];
	const stage = first?.kind ?? "";
	if (first?.ready && isTraining(stage) && !workers.hasTrainer) {
		return { for: "trainer", stage, hasFailed: workers.hasFailed, detail: workers.detail, startsInMs: null };
	}
	return { for: "ending", stage, startsInMs: null };
}

/** What is left of the runs, in the order of their plans. */
function openStages(db: Database, runIds: readonly string[]): Promise<OpenStage[]> {
	return db.$queryRaw<OpenStage[]>`
		SELECT run_stage.run_id AS "runId", stage.key, stage.kind, stage.status::text AS status, stage.ready,
			CASE WHEN stage.kind = ANY(${[...TRAINER_KINDS]}) AND launch.on_host IS NOT NULL
				AND (host.name IS NULL OR host.draining OR host.state = 'unreachable')
			THEN jsonb_build_object('host', launch.on_host, 'state',
				CASE WHEN host.name IS NULL THEN 'gone' WHEN host.state = 'unreachable' THEN 'unreachable' ELSE 'draining' END)
			END AS closed
		FROM run_stage JOIN stage ON stage.key = run_stage.stage_key
		JOIN run ON run.id = run_stage.run_id JOIN launch ON launch.id = run.launch_id
		LEFT JOIN host ON host.name = launch.on_host
		WHERE run_stage.run_id = ANY(${[...runIds]}) AND stage.status <> 'succeeded'
		ORDER BY run_stage.run_id, run_stage.ordinal`;
}

async function ownersOfRunning(db: Database): Promise<Map<string, string>> {
	const rows = await db.$queryRaw<{ key: string; runId: string }[]>`
		SELECT DISTINCT ON (stage.key) stage.key, run.id AS "runId"
		FROM stage JOIN run_stage ON run_stage.stage_key = stage.key
		JOIN run ON run.id = run_stage.run_id AND run.status IN ('queued', 'running')
		JOIN launch ON launch.id = run.launch_id
		WHERE stage.status = 'running'
		ORDER BY stage.key, launch.created_at, launch.id, run.place, run.id`;
	return new Map(rows.map(({ key, runId }) => [key, runId]));
}

interface Workers {
	count: number;
	slots: number;
	hasTrainer: boolean;
	/** Of the trainer's packages, where no worker has them. */
	hasFailed: boolean;
	detail: string;
}

async function livingWorkers(db: Database): Promise<Workers> {
	const [workers, others] = await Promise.all([
		db.workerHeartbeat.findMany({ where: { seenAt: { gte: new Date(Date.now() - SILENCE_MS) } } }),
		db.host.aggregate({
			where: { name: { not: LOCAL_HOST }, state: "reachable", draining: false },
			_sum: { slots: true },
		}),
	]);
	const trainers = workers.map(({ trainer }) => trainerState.parse(trainer));
	const [first] = trainers;
	return {
		count: workers.length,
		slots: workers.reduce((sum, { slots }) => sum + slots, others._sum.slots ?? 0),
		hasTrainer: trainers.some(({ state }) => state === "ready"),
		hasFailed: first?.state === "failed",
		detail: first?.message || first?.step || "",
	};
}

/** When the foremost ready stages start, by key, as far as that can be foreseen. */
async function startsOf(
	db: Database,
	places: readonly QueuePlace[],
	slots: number,
): Promise<Map<string, number | null>> {
	const ahead = places.slice(0, FORESEEN);
	const select = { key: true, kind: true, params: true, inputs: true, datasetId: true, startedAt: true };
	const [running, ready] = await Promise.all([
		db.stage.findMany({ where: { status: "running" }, select }),
		db.stage.findMany({ where: { key: { in: ahead.map(({ key }) => key) } }, select }),
	]);
	const estimates = await estimateDurations(db, [...running, ...ready]);
	const busyMs = running.map(({ key, startedAt }) => {
		const whole = estimates.get(key) ?? null;
		return whole === null || startedAt === null ? null : Math.max(0, whole - (Date.now() - startedAt.getTime()));
	});
	const starts = startTimes(
		ahead.map(({ key }) => estimates.get(key) ?? null),
		{ busyMs, slots },
	);
	return new Map(ahead.map(({ key }, index) => [key, starts[index] ?? null]));
}
