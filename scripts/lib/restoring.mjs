import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { home } from "./paths.mjs";

/** Is in the home from the first thing that a restore writes to its last. */
export const RESTORING = "restoring.json";

export const halfRestored = () => existsSync(join(home, RESTORING));

/** @throws {Failure} when a restore into this home did not come to its end */
export function refuseHalfRestored() {
	if (!halfRestored()) return;
	throw new Failure(
		`A restore into ${home} was interrupted, and what is there is not whole: run npx atelier restore FILE again, which begins anew.`,
	);
}
