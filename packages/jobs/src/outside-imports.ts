import { outsideLeniency, outsideMapping } from "@atelier/core";
import { type Database, notify } from "@atelier/db";
import { z } from "zod";
import { CHANNELS } from "./channels";

/** What an `outside_import` row's `request` holds. */
export const outsideImportRequest = z.strictObject({
	/** Absolute path of a file on the worker's machine. */
	path: z.string().min(1),
	/** The upload that it came in; removed once its run is made. */
	upload: z.string().min(1).optional(),
	mapping: outsideMapping.optional(),
	encoding: z.string().min(1).max(40).optional(),
	/** The run whose split, setting and way of measuring it shares. */
	like: z.string(),
	seed: z.int().nonnegative(),
	/** Cutoff, where it is not that run's. */
	k: z.int().positive().max(100).optional(),
	leniency: outsideLeniency,
	/** Only checks the file. */
	dryRun: z.boolean(),
});
export type OutsideImportRequest = z.infer<typeof outsideImportRequest>;

/** Ends an import of ranks: no run comes of it any more, and the worker stops it. */
export async function cancelOutsideImport(db: Database, id: string): Promise<{ cancelled: boolean }> {
	const { count } = await db.outsideImport.updateMany({
		where: { id, status: { in: ["queued", "running"] } },
		data: { status: "cancelled", error: "The import was cancelled.", finishedAt: new Date() },
	});
	await notify(db, CHANNELS.cancel, id);
	return { cancelled: count > 0 };
}
