import { AppError } from "@atelier/core";
import type { Database, Dataset } from "@atelier/db";

/** @throws AppError NOT_FOUND that lists the names there are. */
export async function findDataset(db: Database, name: string): Promise<Dataset> {
	const dataset = await db.dataset.findUnique({ where: { name } });
	if (dataset !== null) return dataset;
	const names = await db.dataset.findMany({ select: { name: true }, orderBy: { name: "asc" }, take: 20 });
	const known = names.length === 0 ? "None is imported yet." : `There are: ${names.map((row) => row.name).join(", ")}.`;
	throw new AppError("NOT_FOUND", `No dataset is called "${name}". ${known}`);
}

/**
 * Ready datasets by name; the name of a group stands for all its members.
 *
 * @throws AppError NOT_FOUND for an unknown name, CONFLICT for a dataset that is not ready.
 */
export async function findReadyDatasets(db: Database, names: readonly string[]): Promise<Dataset[]> {
	const found = new Map<string, Dataset>();
	for (const name of names) {
		const members = await db.dataset.findMany({ where: { group: name }, orderBy: { createdAt: "asc" } });
		for (const dataset of members.length > 0 ? members : [await findDataset(db, name)]) {
			if (dataset.status !== "ready") {
				const why = dataset.status === "importing" ? "is still being imported" : "failed to import";
				throw new AppError("CONFLICT", `Dataset ${dataset.name} ${why}.`);
			}
			found.set(dataset.id, dataset);
		}
	}
	return [...found.values()];
}
