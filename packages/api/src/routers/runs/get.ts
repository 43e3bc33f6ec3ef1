import { AppError, knownProtocolOf, storedEnvironment } from "@atelier/core";
import type { WorkStatus } from "@atelier/db";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { storedProgress } from "../../rows/progress";
import { runRowSelect, toRunRows } from "../../rows/run-row";
import { procedure } from "../../trpc";

const resultOf = z
	.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]))
	.nullable()
	.catch(null);
const recordOf = z.record(z.string(), z.unknown()).catch({});
const inputsOf = z.record(z.string(), z.string()).catch({});

/** Of the attempt whose outputs count, else of the newest that came to an end. */
function environmentOf({ attemptId, attempts }: { attemptId: string | null; attempts: MadeWith[] }) {
	const made = attempts.find(({ id }) => id === attemptId) ?? attempts.find(({ environment }) => environment !== null);
	return storedEnvironment.parse(made?.environment ?? null);
}

interface MadeWith {
	id: string;
	environment: unknown;
}

/** One run with its stages in order, its configuration and its metrics on every slice. */
export const get = procedure.input(z.object({ id: z.string() })).query(async ({ ctx, input }) => {
	const { id } = await findRun(ctx.db, input.id, {});
	const run = await ctx.db.run.findUniqueOrThrow({ where: { id }, select: { ...runRowSelect, config: true } });
	const [[row], stages, slices] = await Promise.all([
		toRunRows(ctx.db, [run], { foresee: true }),
		ctx.db.runStage.findMany({
			where: { runId: id },
			orderBy: { ordinal: "asc" },
			include: { stage: { include: { attempts: { orderBy: { number: "desc" } } } } },
		}),
		ctx.db.metric.findMany({ where: { runId: id }, orderBy: [{ slice: "asc" }, { name: "asc" }] }),
	]);
	if (row === undefined) throw new AppError("INTERNAL", `Run ${id} has no row.`);
	return {
		...row,
		config: recordOf.parse(run.config),
		protocol: knownProtocolOf(run),
		slices: slices.map(({ slice, name, value, low, high, count }) => ({ slice, name, value, low, high, count })),
		stages: stages.map(({ stage, reused }) => ({
			key: stage.key,
			kind: stage.kind,
			status: statusInRun(run.status, stage.status),
			/** It is no longer this run's, and is done for another one. */
			goesOn: statusInRun(run.status, stage.status) !== stage.status,
			reused,
			revision: stage.revision,
			seed: stage.seed,
			params: recordOf.parse(stage.params),
			inputs: inputsOf.parse(stage.inputs),
			progress: statusInRun(run.status, stage.status) === "running" ? storedProgress.parse(stage.progress) : null,
			result: resultOf.parse(stage.result),
			error: stage.error,
			/** What is wrong with what it had made; null once that is made anew. */
			damage: stage.damage,
			/** What made the outputs that count ran with; null where an older version made them. */
			environment: environmentOf(stage),
			durationMs: stage.durationMs,
			startedAt: stage.startedAt,
			finishedAt: stage.finishedAt,
			attempts: stage.attempts.map((attempt) => ({
				id: attempt.id,
				number: attempt.number,
				status: attempt.status,
				error: attempt.error,
				exitCode: attempt.exitCode,
				host: attempt.host,
				/** What the host's executor knows it by. */
				handle: attempt.handle,
				gpus: attempt.gpus,
				/** Since when its host does not answer: it may run there, and nothing takes its place. */
				unreachableSince: attempt.unreachableSince,
				startedAt: attempt.startedAt,
				finishedAt: attempt.finishedAt,
				damage: attempt.damage,
				suspicion: attempt.suspicion,
				environment: storedEnvironment.parse(attempt.environment),
			})),
		})),
	};
});

/** An ended run waits for nothing: of what others keep in the queue or at work, it has nothing more to expect. */
function statusInRun(run: WorkStatus, stage: WorkStatus): WorkStatus {
	const isOver = run === "cancelled" || run === "failed";
	return isOver && (stage === "queued" || stage === "running") ? "cancelled" : stage;
}
