import type { Database, Pool } from "@atelier/db";
import { computeContrast } from "./contrasts/compute-contrast";
import { claimContrast, failContrast, keepContrast } from "./contrasts/work-contrasts";

/** For tests without a worker: computes the paired tests that wait, in this very process. */
export async function computeWaitingContrasts(db: Database, pool: Pool): Promise<void> {
	for (let key = await claimContrast(db); key !== null; key = await claimContrast(db)) {
		try {
			await keepContrast(db, key, await computeContrast(pool, key));
		} catch (error) {
			await failContrast(db, key, error);
		}
	}
}
