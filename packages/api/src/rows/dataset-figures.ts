import { AppError, messageOf } from "@atelier/core";
import { characteriseDataset, type KeyFigures, keyFiguresOf, storePath } from "@atelier/data";
import type { Dataset } from "@atelier/db";

/** A dataset's key figures, or why they could not be measured. */
export type DatasetFigures = { figures: KeyFigures; problem: null } | { figures: null; problem: string };

/** Where the files of a dataset are. @throws AppError CONFLICT before it is imported. */
export function datasetFolder(home: string, { name, path }: Dataset): string {
	if (path === null) throw new AppError("CONFLICT", `Dataset ${name} is not imported yet.`);
	return storePath(home, path);
}

/** Each dataset's key figures; one after another, since each takes the machine's memory and cores for itself. */
export async function measureFigures(home: string, datasets: readonly Dataset[]): Promise<Map<string, DatasetFigures>> {
	const measured = new Map<string, DatasetFigures>();
	for (const dataset of datasets) {
		try {
			const figures = keyFiguresOf(await characteriseDataset(datasetFolder(home, dataset)));
			measured.set(dataset.id, { figures, problem: null });
		} catch (error) {
			measured.set(dataset.id, { figures: null, problem: messageOf(error) });
		}
	}
	return measured;
}
