import { AppError } from "@atelier/core";
import type { Database } from "@atelier/db";
import { z } from "zod";

export const datasetName = z
	.string()
	.regex(
		/^[a-z0-9][a-z0-9-]{0,62}$/,
		"must be lower-case letters, digits and hyphens, at most 63, starting with a letter or digit",
	);

/**
 * A failed import gives its name back: its row is removed here, so that the next try may use it.
 *
 * @throws AppError CONFLICT when a dataset or a group already has the name, BAD_REQUEST never.
 */
export async function assertNameIsFree(db: Database, name: string): Promise<void> {
	await db.dataset.deleteMany({ where: { name, status: "failed" } });
	const taken = await db.dataset.findFirst({ where: { OR: [{ name }, { group: name }] } });
	if (taken === null || taken.status === "ready") return;
	throw new AppError("CONFLICT", `"${name}" is being imported right now. Wait for it, or choose another name.`);
}
