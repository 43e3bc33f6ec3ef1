import { lstat } from "node:fs/promises";
import type { Database } from "@atelier/db";
import type { Store } from "@atelier/store";
import { Refused } from "./answer";

export interface RunningAttempt {
	id: string;
	stageKey: string;
	folder: string;
}

/**
 * The attempt that an address was signed for, as long as anything is wanted of it.
 *
 * @throws Refused 410 once it has ended, was cancelled or replaced, or is not known
 */
export async function runningAttempt(db: Database, store: Store, id: string): Promise<RunningAttempt> {
	const attempt = await db.attempt.findUnique({
		where: { id },
		select: { status: true, path: true, stageKey: true },
	});
	if (attempt === null || attempt.status !== "running") {
		throw new Refused(410, "This attempt has ended: nothing more is read or written for it.");
	}
	const folder = store.draft(attempt.path);
	// Made when it is handed out; where it has been removed since, nothing may make it again.
	const isThere = await lstat(folder).then(
		(found) => found.isDirectory(),
		() => false,
	);
	if (!isThere) throw new Refused(410, "This attempt's folder is gone.");
	return { id, stageKey: attempt.stageKey, folder };
}
