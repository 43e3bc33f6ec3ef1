import { AppError } from "@atelier/core";
import type { Database } from "@atelier/db";
import { pendingName } from "@atelier/jobs";
import { z } from "zod";

export const datasetName = z
	.string()
	.regex(
		/^[a-z0-9][a-z0-9-]{0,62}$/,
		"must be lower-case letters, digits and hyphens, at most 63, starting with a letter or digit",
	);

/**
 * The name for a new import's row. A failed import gives its name back. Where a ready dataset has the name, the import
 * may still turn out to be of the same bytes, a no-op: its row gets a name of its own until the worker knows.
 *
 * @throws AppError CONFLICT while something of that name is being imported.
 */
export async function claimName(db: Database, name: string, importId: string): Promise<string> {
	await db.dataset.deleteMany({
		where: { status: "failed", OR: [{ name }, { name: { startsWith: pendingName(name, "") } }] },
	});
	const taken = await db.dataset.findUnique({ where: { name } });
	if (taken === null) return name;
	if (taken.status === "ready") return pendingName(name, importId);
	throw new AppError("CONFLICT", `"${name}" is being imported right now. Wait for it, or choose another name.`);
}
