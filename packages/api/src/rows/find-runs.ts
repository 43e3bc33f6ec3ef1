import type { Database } from "@atelier/db";
import { z } from "zod";
import { findRun } from "./find-run";

/** Runs that one call changes; more are taken in several, so that none holds the record for long. */
export const AT_ONCE = 1_000;

export const runIds = z.object({ ids: z.array(z.string()).min(1).max(AT_ONCE, `at most ${AT_ONCE} runs at once`) });

/** Whole ids of runs that are named by them or by beginnings. @throws AppError for the first that is none */
export async function findRunIds(db: Database, ids: readonly string[]): Promise<string[]> {
	const whole = await db.run.findMany({ where: { id: { in: [...ids] } }, select: { id: true } });
	const known = new Set(whole.map(({ id }) => id));
	const found: string[] = [];
	for (const id of new Set(ids)) found.push(known.has(id) ? id : (await findRun(db, id, {})).id);
	return found;
}
