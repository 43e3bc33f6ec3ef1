import { AppError } from "@atelier/core";
import type { Database } from "@atelier/db";
import type { ArtifactChecker, CheckOptions } from "@atelier/store";
import { lookAt } from "./check-attempt";
import { suspectReaders } from "./suspect-readers";

/**
 * Checks a dataset's files before they are read and notes in the record what is wrong, or that nothing is any more.
 *
 * @returns what is wrong; null where nothing is, or there is no dataset with files
 */
export async function checkDataset(
	db: Database,
	checker: ArtifactChecker,
	datasetId: string,
	options: CheckOptions = {},
): Promise<string | null> {
	const dataset = await db.dataset.findUnique({
		where: { id: datasetId },
		select: { path: true, files: true, damage: true, verifiedAt: true },
	});
	if (dataset === null || dataset.path === null) return null;
	const { damage, wasRead, isNew, files } = await lookAt(checker, dataset.path, dataset.files, options);
	if (damage !== null && dataset.damage === null) {
		await db.$transaction(async (tx) => {
			await tx.dataset.update({ where: { id: datasetId }, data: { damage, damagedAt: new Date() } });
			await suspectReaders(tx, { id: datasetId, what: "the dataset", damage, verifiedAt: dataset.verifiedAt });
		});
	}
	// A look at the surface does not clear what a whole reading found.
	const isMended = damage === null && dataset.damage !== null && !options.isSurface;
	if (damage === null && (wasRead || isNew || isMended)) {
		const mended = isMended && { damage: null, damagedAt: null };
		await db.dataset.update({
			where: { id: datasetId },
			data: { ...mended, ...(isNew && { files }), ...(wasRead && { verifiedAt: new Date() }) },
		});
	}
	return damage;
}

/** @throws AppError CONFLICT that says what is wrong with the dataset and what to do. */
export async function refuseDamagedDataset(
	db: Database,
	checker: ArtifactChecker,
	{ id, name }: { id: string; name: string },
): Promise<void> {
	const damage = await checkDataset(db, checker, id);
	if (damage !== null) throw new AppError("CONFLICT", damagedDataset(name, damage));
}

export function damagedDataset(name: string, damage: string): string {
	return `Dataset ${name} is damaged: ${damage}. Import it again from the same files, under the same name, or put back what was changed in its folder; runs on it wait until then.`;
}
