import { AppError } from "@atelier/core";
import type { Database, Prisma } from "@atelier/db";

/** What an id can begin with; anything else would be a pattern to the database, or stand for every run. */
const BEGINNING = /^[0-9a-f][0-9a-f-]*$/i;

/**
 * A run by its id or by an unambiguous beginning of it, as people type it.
 *
 * @throws AppError NOT_FOUND, or BAD_REQUEST when several runs begin so.
 */
export async function findRun<T extends Prisma.RunInclude>(db: Database, id: string, include: T) {
	const runs = BEGINNING.test(id)
		? await db.run.findMany({ where: { id: { startsWith: id.toLowerCase() } }, take: 6, include })
		: [];
	const [run, other] = runs;
	if (run === undefined) throw new AppError("NOT_FOUND", `No run "${id}". See npx atelier runs list.`);
	if (other !== undefined && run.id !== id.toLowerCase()) {
		throw new AppError(
			"BAD_REQUEST",
			`Several runs begin with "${id}": ${runs.map((one) => one.id).join(", ")}. Give more of the id.`,
		);
	}
	return run;
}
