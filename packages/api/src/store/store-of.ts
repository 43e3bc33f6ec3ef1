import { AppError } from "@atelier/core";
import type { Dataset } from "@atelier/db";
import { refuseDamagedDataset } from "@atelier/jobs";
import { openStore, type Store } from "@atelier/store";
import type { Services } from "../context";

const stores = new Map<string, Store>();

/**
 * The store, which knows of each file that it was read in full once. Kept here and not with the services: Next gives each
 * route code of its own, and an error is known by its class.
 */
export function storeOf({ store: settings }: Pick<Services, "store">): Store {
	const name = JSON.stringify(settings);
	const known = stores.get(name) ?? openStore(settings);
	stores.set(name, known);
	return known;
}

/**
 * The path of a dataset whose files are what was imported.
 *
 * @throws AppError CONFLICT before it is imported, and where it is damaged
 */
export async function wholeDataset(services: Pick<Services, "db" | "store">, dataset: Dataset): Promise<string> {
	if (dataset.path === null) throw new AppError("CONFLICT", `Dataset ${dataset.name} is not imported yet.`);
	await refuseDamagedDataset(services.db, storeOf(services), dataset);
	return dataset.path;
}

/** A local folder with the files of a dataset, which are what was imported. @throws as {@link wholeDataset} */
export async function datasetFolder(services: Pick<Services, "db" | "store">, dataset: Dataset): Promise<string> {
	return storeOf(services).folder(await wholeDataset(services, dataset));
}
