import { runWarnings, type Waiting } from "@atelier/core";
import type { Database, Prisma } from "@atelier/db";
import { type WorkedTime, waitingRuns, workedTimes } from "@atelier/jobs";
import { storedProgress } from "./progress";

/** What {@link toRunRows} needs with a run. */
export const runRowInclude = {
	dataset: { select: { name: true, synthetic: true, queriesDerived: true } },
	launch: { select: { suite: true, priority: true } },
	metrics: { where: { slice: "all" } },
	stages: {
		orderBy: { ordinal: "asc" },
		select: { reused: true, stage: { select: { kind: true, status: true, progress: true, startedAt: true } } },
	},
} satisfies Prisma.RunInclude;
type RunWithRow = Prisma.RunGetPayload<{ include: typeof runRowInclude }>;

/** @param foresee whether to work out when waiting runs start, which is for one run or a few */
export async function toRunRows(db: Database, runs: readonly RunWithRow[], { foresee = false } = {}) {
	const waiting = runs.filter(({ status }) => status === "queued").map(({ id }) => id);
	const [reasons, times] = await Promise.all([
		waitingRuns(db, waiting, foresee),
		workedTimes(
			db,
			runs.map(({ id }) => id),
		),
	]);
	return runs.map((run) => toRunRow(run, reasons.get(run.id) ?? null, times.get(run.id)));
}

function toRunRow(run: RunWithRow, waiting: Waiting | null, time: WorkedTime | undefined) {
	const { workedMs = 0, waitedMs = 0 } = time ?? {};
	const current =
		run.stages.find(({ stage }) => stage.status === "running") ??
		run.stages.find(({ stage }) => stage.status === "queued");
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
			done: run.stages.filter(({ stage }) => stage.status === "succeeded").length,
			total: run.stages.length,
			stage: run.status === "running" || run.status === "queued" ? (current?.stage.kind ?? null) : null,
			within: storedProgress.parse(current?.stage.progress ?? null),
		},
		metrics: Object.fromEntries(
			run.metrics.map(({ name, value, low, high, count }) => [name, { value, low, high, count }]),
		),
	};
}
export type RunRow = ReturnType<typeof toRunRow>;
