import { METRIC_NAMES, runWarnings, type Waiting } from "@atelier/core";
import type { Database, Prisma } from "@atelier/db";
import { type WorkedTime, waitingRuns, workedTimes } from "@atelier/jobs";
import { storedProgress } from "./progress";
import { NO_STAGES, type StagesDone, stagesDone } from "./stages-done";

/** What {@link toRunRows} needs of a run: not its configuration, which is as long as all the rest. */
export const runRowSelect = {
	...{ id: true, launchId: true, method: true, variant: true, setting: true, seed: true, preset: true, status: true },
	...{ error: true, warnings: true, note: true, tags: true, movedUpAt: true },
	...{ createdAt: true, startedAt: true, finishedAt: true },
	dataset: { select: { name: true, synthetic: true, queriesDerived: true } },
	launch: { select: { suite: true, priority: true } },
} satisfies Prisma.RunSelect;
type RunWithRow = Prisma.RunGetPayload<{ select: typeof runRowSelect }>;

interface Figure {
	value: number;
	low: number;
	high: number;
	count: number;
}

export interface RunRowOptions {
	/** Whether to work out when waiting runs start, which is for one run or a few. */
	foresee?: boolean;
	/** Metrics over all test shoppers that are wanted; those of the tables where it is not said. */
	metrics?: readonly string[];
}

export async function toRunRows(
	db: Database,
	runs: readonly RunWithRow[],
	{ foresee = false, metrics = METRIC_NAMES }: RunRowOptions = {},
) {
	const ids = runs.map(({ id }) => id);
	const waiting = runs.filter(({ status }) => status === "queued").map(({ id }) => id);
	const [reasons, times, stages, figures] = await Promise.all([
		waitingRuns(db, waiting, foresee),
		workedTimes(db, ids),
		stagesDone(db, ids),
		figuresOf(db, ids, metrics),
	]);
	return runs.map((run) =>
		toRunRow(run, {
			waiting: reasons.get(run.id) ?? null,
			time: times.get(run.id),
			stages: stages.get(run.id) ?? NO_STAGES,
			metrics: figures.get(run.id) ?? {},
		}),
	);
}

async function figuresOf(db: Database, ids: string[], names: readonly string[]) {
	const rows = await db.metric.findMany({
		where: { runId: { in: ids }, slice: "all", name: { in: [...names] } },
		orderBy: [{ runId: "asc" }, { name: "asc" }],
	});
	const byRun = new Map<string, Record<string, Figure>>();
	for (const { runId, name, value, low, high, count } of rows) {
		byRun.set(runId, { ...byRun.get(runId), [name]: { value, low, high, count } });
	}
	return byRun;
}

interface RunDetails {
	waiting: Waiting | null;
	time: WorkedTime | undefined;
	stages: StagesDone;
	metrics: Record<string, Figure>;
}

function toRunRow(run: RunWithRow, { waiting, time, stages, metrics }: RunDetails) {
	const { workedMs = 0, waitedMs = 0 } = time ?? {};
	const isLive = run.status === "running" || run.status === "queued";
	return {
		id: run.id,
		launchId: run.launchId,
		suite: run.launch.suite,
		dataset: run.dataset.name,
		synthetic: run.dataset.synthetic,
		queriesDerived: run.dataset.queriesDerived,
		method: run.method,
		variant: run.variant,
		setting: run.setting,
		seed: run.seed,
		preset: run.preset,
		status: run.status,
		error: run.error,
		warnings: runWarnings.parse(run.warnings),
		createdAt: run.createdAt,
		startedAt: run.startedAt,
		finishedAt: run.finishedAt,
		priority: run.launch.priority,
		/** Whether someone moved it to the front of the queue. */
		movedUp: run.movedUpAt !== null,
		/** What it waits for; null for a run that is not waiting. */
		waiting,
		/** Time in which a stage of it ran since its launch, and the rest. */
		workedMs,
		waitedMs,
		/** While a stage of it runs: the moment from which {@link workedMs} counts up. */
		workedFrom: time?.isWorking ? new Date(time.at.getTime() - workedMs) : null,
		progress: {
			done: stages.done,
			total: stages.total,
			stage: isLive ? stages.stage : null,
			within: storedProgress.parse(stages.within),
		},
		note: run.note,
		tags: run.tags,
		metrics,
	};
}
export type RunRow = ReturnType<typeof toRunRow>;
