import { AppError } from "@atelier/core";
import type { Database } from "@atelier/db";

/** What an id can begin with; anything else would be a pattern to the database, or stand for every launch. */
const BEGINNING = /^[0-9a-f][0-9a-f-]*$/i;

/**
 * A launch by its id or by an unambiguous beginning of it, as people type it.
 *
 * @throws AppError NOT_FOUND, or BAD_REQUEST when several launches begin so.
 */
export async function findLaunch(db: Database, id: string) {
	const launches = BEGINNING.test(id)
		? await db.launch.findMany({ where: { id: { startsWith: id.toLowerCase() } }, take: 6 })
		: [];
	const [launch, other] = launches;
	if (launch === undefined) {
		throw new AppError("NOT_FOUND", `No launch "${id}". npx atelier runs show RUN names a run's launch.`);
	}
	if (other !== undefined && launch.id !== id.toLowerCase()) {
		throw new AppError(
			"BAD_REQUEST",
			`Several launches begin with "${id}": ${launches.map((one) => one.id).join(", ")}. Give more of the id.`,
		);
	}
	return launch;
}
