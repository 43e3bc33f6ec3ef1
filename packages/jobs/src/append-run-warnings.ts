import type { RunWarning } from "@atelier/core";
import type { Database, Prisma } from "@atelier/db";

/** The record, or a transaction on it. */
type Target = Database | Prisma.TransactionClient;

/** Adds warnings to runs, in one statement; what a run warns of already is not added again. */
export async function appendRunWarnings(
	target: Target,
	runIds: readonly string[],
	warnings: readonly RunWarning[],
): Promise<void> {
	if (runIds.length === 0 || warnings.length === 0) return;
	await target.$executeRaw`
		UPDATE run SET warnings = run.warnings || (
			SELECT coalesce(jsonb_agg(one ORDER BY place), '[]') FROM jsonb_array_elements(${JSON.stringify(warnings)}::jsonb)
				WITH ORDINALITY AS added(one, place)
			WHERE NOT run.warnings @> jsonb_build_array(one)
		) WHERE id = ANY(${[...runIds]})`;
}
