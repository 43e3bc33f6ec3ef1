import type { Database, Pool } from "@atelier/db";
import type { SliceResult } from "./slice-schemas";

/** Views that are kept; older ones are computed again when someone asks. */
const MOST_VIEWS = 2_000;

/** Shows what a view has come to so far, while it is being computed. */
export async function showSlice(pool: Pool, key: string, part: SliceResult): Promise<void> {
	await pool.query("UPDATE slice_view SET result = $2 WHERE key = $1 AND status = 'running'", [
		key,
		JSON.stringify(part),
	]);
}

export async function removeOldSlices(db: Database): Promise<void> {
	await db.$executeRaw`
		DELETE FROM slice_view WHERE status IN ('succeeded', 'failed') AND created_at < (
			SELECT created_at FROM slice_view ORDER BY created_at DESC OFFSET ${MOST_VIEWS} LIMIT 1
		)`;
}
