import { type Database, notify } from "@atelier/db";
import { CHANNELS } from "./channels";

/** Ends an import: it can no longer become ready, and the worker stops it and removes what it wrote. */
export async function cancelImport(db: Database, datasetId: string): Promise<{ cancelled: boolean }> {
	// While the rows are being loaded the dataset's row is locked: what loads them hears this first, and lets go of it.
	await notify(db, CHANNELS.cancel, datasetId);
	const { count } = await db.dataset.updateMany({
		where: { id: datasetId, status: "importing" },
		data: { status: "failed", error: "The import was cancelled." },
	});
	await notify(db, CHANNELS.cancel, datasetId);
	await notify(db, CHANNELS.datasets, datasetId);
	return { cancelled: count > 0 };
}
