import { randomUUID } from "node:crypto";
import { mergePlans, NO_NEEDS, type PlannedStage, type StageKind, type StageNeeds } from "@atelier/core";
import { type Database, Prisma } from "@atelier/db";
import { z } from "zod";
import type { Queue } from "./queue";
import { onQueue } from "./queue-lock";
import { markRunning } from "./settle-runs";

export interface LaunchRun {
	datasetId: string;
	method: string;
	variant: string;
	setting: string;
	seed: number;
	/** Resolved configuration; must be JSON. */
	config: unknown;
	plan: PlannedStage[];
	/** What its stages need where they run, by kind; nothing where it is not said. */
	needs?: Partial<Record<StageKind, StageNeeds>> | undefined;
}

export interface LaunchInput {
	suite: string;
	preset: string;
	/** The whole request, overrides included; must be JSON. */
	request: unknown;
	createdById?: string | undefined;
	/** -10 to 10; 0 where it is not said. */
	priority?: number | undefined;
	/** The host of its trainer stages; any that has what they need where it is not said. */
	onHost?: string | undefined;
	/** Stages that would take it past this many GPU-hours are not begun. */
	budgetGpuHours?: number | undefined;
	runs: LaunchRun[];
}

/**
 * Records a launch with its runs and the stages they need, of which workers take what can start. A stage that is there
 * is shared: one that succeeded is reused, one that failed or was cancelled goes back to the queue. A run whose every
 * stage has succeeded is finished by the worker at once.
 */
export async function createLaunch(
	db: Database,
	queue: Queue,
	input: LaunchInput,
): Promise<{ launchId: string; runIds: string[] }> {
	const launchId = randomUUID();
	const runs = input.runs.map((run) => ({ ...run, id: randomUUID() }));
	const places = placesOf(runs);
	await onQueue(db, async (tx) => {
		await tx.launch.create({
			data: {
				id: launchId,
				suite: input.suite,
				preset: input.preset,
				request: json(input.request),
				createdById: input.createdById,
				priority: input.priority ?? 0,
				onHost: input.onHost,
				budgetGpuHours: input.budgetGpuHours,
			},
		});
		const reused = await upsertStages(tx, runs);
		await tx.run.createMany({
			data: runs.map(({ id, datasetId, method, variant, setting, seed, config }) => ({
				id,
				launchId,
				datasetId,
				method,
				variant,
				setting,
				seed,
				preset: input.preset,
				config: json(config),
				place: places.get(id) ?? 0,
			})),
		});
		await tx.runStage.createMany({
			data: runs.flatMap(({ id, plan, needs }) =>
				plan.map(({ key, kind }, ordinal) => {
					const { gpus, memoryGb } = needs?.[kind] ?? NO_NEEDS;
					return { runId: id, stageKey: key, ordinal, reused: reused.has(key), gpus, memoryGb };
				}),
			),
		});
		// A stage may run that nobody needed any more.
		await markRunning(tx);
	});
	await enqueueCompleteRuns(db, queue);
	return { launchId, runIds: runs.map(({ id }) => id) };
}

/** The run with the most stages first, since it ends last; else as they were given. */
function placesOf(runs: readonly (LaunchRun & { id: string })[]): Map<string, number> {
	const longest = [...runs].sort((a, b) => b.plan.length - a.plan.length);
	return new Map(longest.map(({ id }, place) => [id, place]));
}

/** Enqueues `finish-run` for live runs whose every stage has succeeded. @returns how many there are */
export async function enqueueCompleteRuns(db: Database, queue: Queue): Promise<number> {
	const complete = await db.run.findMany({
		where: {
			status: { in: ["queued", "running"] },
			stages: { some: {}, every: { stage: { status: "succeeded" } } },
		},
		select: { id: true },
	});
	for (const { id } of complete) await queue.send("finish-run", { runId: id });
	return complete.length;
}

/** Inserts stages that are not there and queues those that failed or were cancelled. @returns keys of the succeeded */
async function upsertStages(tx: Prisma.TransactionClient, runs: readonly LaunchRun[]): Promise<Set<string>> {
	const stages = mergePlans(runs.map((run) => run.plan));
	if (stages.length === 0) return new Set();
	// As one parameter: a statement holds 65,535 of them, which is less than the stages of a large launch need.
	const rowsOfStages = JSON.stringify(
		stages.map(({ key, kind, datasetId, revision, params, seed, inputs }) => {
			return { key, kind, dataset_id: datasetId, revision, params, seed, inputs };
		}),
	);
	const rows = await tx.$queryRaw<{ key: string; status: string }[]>`
		INSERT INTO stage (key, kind, dataset_id, revision, params, seed, inputs)
		SELECT key, kind, dataset_id, revision, params, seed, inputs
		FROM jsonb_to_recordset(${rowsOfStages}::jsonb) AS given(
			key text, kind text, dataset_id text, revision integer, params jsonb, seed integer, inputs jsonb
		)
		ON CONFLICT (key) DO UPDATE SET
			-- Equal keys mean equal parameters, but a model folder may have moved.
			params = EXCLUDED.params,
			status = CASE WHEN ${STOPPED} THEN 'queued' ELSE stage.status END,
			error = CASE WHEN ${STOPPED} THEN NULL ELSE stage.error END,
			started_at = CASE WHEN ${STOPPED} THEN NULL ELSE stage.started_at END,
			finished_at = CASE WHEN ${STOPPED} THEN NULL ELSE stage.finished_at END
		RETURNING key, status`;
	return new Set(rows.filter(({ status }) => status === "succeeded").map(({ key }) => key));
}

const STOPPED = Prisma.sql`stage.status IN ('failed', 'cancelled')`;

/** Options that were left undefined are left out. @throws ZodError when a value is not JSON */
function json(value: unknown): Prisma.InputJsonObject {
	return z
		.record(z.string(), z.unknown())
		.transform((given) => Object.fromEntries(Object.entries(given).filter(([, option]) => option !== undefined)))
		.pipe(z.record(z.string(), z.json()))
		.transform((checked): Prisma.InputJsonObject => checked)
		.parse(value);
}
