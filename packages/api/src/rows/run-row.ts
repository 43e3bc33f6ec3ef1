import { runWarnings } from "@atelier/core";
import type { Prisma } from "@atelier/db";
import { storedProgress } from "./progress";

/** What {@link toRunRow} needs with a run. */
export const runRowInclude = {
	dataset: { select: { name: true, synthetic: true, queriesDerived: true } },
	launch: { select: { suite: true } },
	metrics: { where: { slice: "all" } },
	stages: {
		orderBy: { ordinal: "asc" },
		select: { reused: true, stage: { select: { kind: true, status: true, progress: true, startedAt: true } } },
	},
} satisfies Prisma.RunInclude;
type RunWithRow = Prisma.RunGetPayload<{ include: typeof runRowInclude }>;

export function toRunRow(run: RunWithRow) {
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
		progress: {
			done: run.stages.filter(({ stage }) => stage.status === "succeeded").length,
			total: run.stages.length,
			stage: run.status === "running" || run.status === "queued" ? (current?.stage.kind ?? null) : null,
			/** Whether that stage has yet to start: it waits for a free slot or for another run's stage. */
			waits: run.status === "running" && current?.stage.status === "queued",
			within: storedProgress.parse(current?.stage.progress ?? null),
		},
		metrics: Object.fromEntries(
			run.metrics.map(({ name, value, low, high, count }) => [name, { value, low, high, count }]),
		),
	};
}
export type RunRow = ReturnType<typeof toRunRow>;
