import type { Database } from "@atelier/db";
import { onQueue } from "./queue-lock";

/** Sets the priority of a launch; what of it runs already goes on. @returns false when there is no such launch */
export async function setLaunchPriority(db: Database, launchId: string, priority: number): Promise<boolean> {
	return onQueue(db, async (tx) => {
		const { count } = await tx.launch.updateMany({ where: { id: launchId }, data: { priority } });
		return count > 0;
	});
}

/** Moves runs that have not ended to the front of the queue, in the order given. @returns how many there were */
export async function moveRunsUp(db: Database, runIds: readonly string[]): Promise<{ moved: number }> {
	return onQueue(db, async (tx) => {
		// The last one moved goes first: one microsecond for each keeps those that are moved together in order.
		const moved = await tx.$executeRaw`
			UPDATE run SET moved_up_at = statement_timestamp() AT TIME ZONE 'UTC' - given.nth * interval '1 microsecond'
			FROM unnest(${[...runIds]}::text[]) WITH ORDINALITY AS given(id, nth)
			WHERE run.id = given.id AND run.status IN ('queued', 'running')`;
		return { moved };
	});
}
