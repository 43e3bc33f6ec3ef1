import { characteriseDataset, type DatasetCharacteristics, datasetCharacteristics } from "@atelier/data";
import type { Dataset } from "@atelier/db";
import type { Services } from "../context";
import { storeOf, wholeDataset } from "./store-of";

/**
 * The characteristics of a dataset: measured at the first call and kept in the record.
 *
 * @throws as {@link wholeDataset}
 */
export async function characteristicsOf(
	services: Pick<Services, "db" | "store">,
	dataset: Dataset,
): Promise<DatasetCharacteristics> {
	const path = await wholeDataset(services, dataset);
	// Of another revision: they are measured anew.
	const known = datasetCharacteristics.safeParse(dataset.characteristics);
	if (known.success) return known.data;
	const files = ["manifest.json", "items.parquet", "interactions.parquet", "exposures.parquet"];
	const measured = await characteriseDataset(await storeOf(services).folder(path, { files }));
	await services.db.dataset.updateMany({ where: { id: dataset.id }, data: { characteristics: measured } });
	return measured;
}
