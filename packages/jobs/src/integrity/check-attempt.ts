import { storedFiles } from "@atelier/core";
import type { Database } from "@atelier/db";
import type { ArtifactChecker, CheckOptions } from "@atelier/store";
import { markStageDamaged } from "./mark-damaged";

export interface CheckedAttempt {
	id: string;
	stageKey: string;
	kind: string;
	/** Relative to the store. */
	path: string;
	/** What is wrong with its files; null where nothing is. */
	damage: string | null;
}

/**
 * Checks what a succeeded attempt left in the store, before it is read. Damage is noted in the record at once: the stage
 * is made again where a run needs it ({@link markStageDamaged}). An attempt of an older version gets its list of files
 * from its receipt now.
 *
 * @returns null where there is no such attempt
 */
export async function checkAttempt(
	db: Database,
	checker: ArtifactChecker,
	attemptId: string,
	options: CheckOptions = {},
): Promise<CheckedAttempt | null> {
	const attempt = await db.attempt.findUnique({
		where: { id: attemptId },
		select: { id: true, stageKey: true, path: true, files: true, damage: true, stage: { select: { kind: true } } },
	});
	if (attempt === null) return null;
	const { id, stageKey, path, stage } = attempt;
	const checked = { id, stageKey, kind: stage.kind, path };
	if (attempt.damage !== null) return { ...checked, damage: attempt.damage };
	const { damage, wasRead, isNew, files } = await lookAt(checker, path, attempt.files, options);
	if (damage !== null) await markStageDamaged(db, id, damage);
	else if (wasRead || isNew) {
		await db.attempt.updateMany({
			where: { id },
			data: { ...(wasRead && { verifiedAt: new Date() }), ...(isNew && { files }) },
		});
	}
	return { ...checked, damage };
}

/** Checks an artifact by the list that the record has of it, or by the one that it gives of itself where it has none. */
export async function lookAt(checker: ArtifactChecker, path: string, stored: unknown, options: CheckOptions) {
	const known = storedFiles.safeParse(stored);
	const files = known.success ? known.data : await checker.filesOf(path, options);
	if (files === null) {
		// Tells a store that is not there from an artifact that is not.
		await checker.check(path, [], options);
		return { damage: "its folder or the list of its files is not there", wasRead: false, isNew: false, files: [] };
	}
	return { ...(await checker.check(path, files, options)), isNew: !known.success, files };
}
