import { type Database, notify, type Prisma } from "@atelier/db";
import { CHANNELS } from "../channels";
import { estimateDurations } from "../estimate-durations";
import type { NextStage } from "../queue-order";
import { cancelUnneeded, markRunning } from "../settle-runs";

type Target = Database | Prisma.TransactionClient;

/** GPU-hours that attempts have taken in the name of launches, by launch; what runs counts until now. */
export async function gpuHours(target: Target, launchIds: readonly string[]): Promise<Map<string, number>> {
	const rows = await target.$queryRaw<{ id: string; hours: number }[]>`
		SELECT launch_id AS id, sum(gpus * extract(epoch FROM
			coalesce(finished_at, clock_timestamp() AT TIME ZONE 'UTC') - started_at))::float8 / 3600 AS hours
		FROM attempt WHERE launch_id = ANY(${[...launchIds]}) AND gpus > 0 GROUP BY launch_id`;
	return new Map(rows.map(({ id, hours }) => [id, hours]));
}

/**
 * Stops a launch whose budget the stage would pass that is about to begin: its runs that need the stage end, and say why.
 * What runs is counted with what it has taken so far, and a stage that was never measured on the host begins while anything
 * of the budget is left.
 *
 * @returns why it is not begun; null when it may begin
 */
export async function refuseOverBudget(
	tx: Prisma.TransactionClient,
	{ key, kind, launchId, gpus, budgetGpuHours: budget }: NextStage,
	host: string,
): Promise<string | null> {
	if (budget === null || gpus === 0) return null;
	const used = (await gpuHours(tx, [launchId])).get(launchId) ?? 0;
	const stages = await tx.stage.findMany({
		where: { key },
		select: { key: true, kind: true, params: true, inputs: true, datasetId: true },
	});
	const ms = (await estimateDurations(tx, stages, () => host)).get(key) ?? null;
	const more = ms === null ? null : (gpus * ms) / 3_600_000;
	if (more === null ? used < budget : used + more <= budget) return null;
	const expected = more === null ? "" : `, and it should take ${hours(more)} on ${host}`;
	const why = `not begun: the launch has a budget of ${hours(budget)} and has used ${hours(used)}${expected}.`;
	const reason = `${why} Launch again with a higher --budget-hours: what is made is reused.`;
	await endRuns(tx, { launchId, key, error: `${kind}: ${reason}` });
	return `${kind} ${key}: ${reason}`;
}

/** Ends the runs of a launch that need a stage; other launches' go on. */
async function endRuns(
	tx: Prisma.TransactionClient,
	{ launchId, key, error }: { launchId: string; key: string; error: string },
): Promise<void> {
	const ended = await tx.$queryRaw<{ id: string }[]>`
		UPDATE run SET status = 'failed', error = ${error}, finished_at = now() AT TIME ZONE 'UTC'
		WHERE launch_id = ${launchId} AND status IN ('queued', 'running')
			AND EXISTS (SELECT 1 FROM run_stage WHERE run_id = run.id AND stage_key = ${key})
		RETURNING id`;
	await cancelUnneeded(
		tx,
		ended.map(({ id }) => id),
	);
	await markRunning(tx);
	await notify(tx, CHANNELS.events, key);
}

function hours(value: number): string {
	return `${value.toFixed(2)} GPU-hours`;
}
