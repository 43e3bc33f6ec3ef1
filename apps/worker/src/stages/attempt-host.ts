import { type Database, notify } from "@atelier/db";
import { CHANNELS } from "@atelier/jobs";
import type { WorkerContext } from "../worker-context";
import type { HeldAttempt } from "./attempt";

type Attempt = Pick<HeldAttempt, "id" | "stageKey">;

/** Writes down what the host's executor knows an attempt by. */
export async function noteHandle(db: Database, { id }: Attempt, handle: string): Promise<void> {
	await db.attempt.updateMany({ where: { id }, data: { handle } });
}

/** The host of an attempt does not answer: its page says so from when on, and nothing else follows. */
export async function noteUnreachable(worker: WorkerContext, attempt: Attempt, since: Date): Promise<void> {
	await note(worker, attempt, { where: { unreachableSince: null }, unreachableSince: since });
}

export async function noteReachable(worker: WorkerContext, attempt: Attempt): Promise<void> {
	await note(worker, attempt, { where: { unreachableSince: { not: null } }, unreachableSince: null });
}

async function note(
	{ db }: WorkerContext,
	{ id, stageKey }: Attempt,
	{ where, unreachableSince }: { where: { unreachableSince: null | { not: null } }; unreachableSince: Date | null },
): Promise<void> {
	// A record that is away is told at the next turn.
	const { count } = await db.attempt
		.updateMany({ where: { id, ...where }, data: { unreachableSince } })
		.catch(() => ({ count: 0 }));
	if (count > 0) await notify(db, CHANNELS.events, stageKey).catch(() => undefined);
}
