import { AppError } from "@atelier/core";
import type { Database, Dataset } from "@atelier/db";

/** Enough of a dataset's id to be no slip of the keyboard; ids are hexadecimal (an import under way has another). */
const ID_BEGINNING = /^[0-9a-f]{6,64}$/i;

/**
 * A dataset by its name, or else by its id or an unambiguous beginning of it.
 *
 * @throws AppError NOT_FOUND that lists the names there are, BAD_REQUEST when several ids begin so.
 */
export async function findDataset(db: Database, name: string): Promise<Dataset> {
	const dataset = await db.dataset.findUnique({ where: { name } });
	if (dataset !== null) return dataset;
	if (ID_BEGINNING.test(name)) {
		const found = await db.dataset.findMany({ where: { id: { startsWith: name.toLowerCase() } }, take: 6 });
		const [first, other] = found;
		if (other !== undefined) {
			const which = found.map((one) => `${one.id} (${one.name})`).join(", ");
			throw new AppError("BAD_REQUEST", `Several datasets begin with "${name}": ${which}. Give more of the id.`);
		}
		if (first !== undefined) return first;
	}
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
