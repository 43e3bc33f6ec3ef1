import { type HostFacts, LOCAL_HOST, messageOf } from "@atelier/core";
import { type Database, notify } from "@atelier/db";
import { CHANNELS } from "../channels";

/** Keeps what a probe found. */
export async function keepFacts(db: Database, name: string, facts: HostFacts): Promise<void> {
	await db.$executeRaw`
		UPDATE host SET state = 'reachable', problem = NULL, unreachable_since = NULL, probed_at = now() AT TIME ZONE 'UTC',
			facts = ${JSON.stringify(facts)}::jsonb, gpus = ${facts.gpus.length}
		WHERE name = ${name}`;
	await notify(db, CHANNELS.queue, "");
}

/**
 * Keeps why a host cannot be used, and since when; what was last found of it stays. `local` is there all the same: a
 * trainer that does not answer keeps nothing else from running.
 */
export async function keepProblem(db: Database, name: string, error: unknown): Promise<void> {
	await db.$executeRaw`
		UPDATE host SET problem = ${messageOf(error)}, probed_at = now() AT TIME ZONE 'UTC',
			state = CASE WHEN name = ${LOCAL_HOST} THEN state ELSE 'unreachable' END,
			unreachable_since = CASE WHEN name <> ${LOCAL_HOST} THEN coalesce(unreachable_since, now() AT TIME ZONE 'UTC') END
		WHERE name = ${name}`;
}

/**
 * Names of the hosts whose probe is due. Of several workers one gets each: a probe that is under way counts as one that
 * was made. `local` is not among them, which needs no probing to be there.
 */
export async function takeDueProbes(db: Database, everySeconds: number): Promise<string[]> {
	const due = await db.$queryRaw<{ name: string }[]>`
		UPDATE host SET probing_at = now() AT TIME ZONE 'UTC'
		WHERE name <> ${LOCAL_HOST} AND (probing_at IS NULL
			OR probing_at < now() AT TIME ZONE 'UTC' - make_interval(secs => ${everySeconds}::float8))
		RETURNING name`;
	return due.map(({ name }) => name);
}
