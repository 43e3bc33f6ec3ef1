import { messageOf } from "@atelier/core";
import { type KeyFigures, keyFiguresOf } from "@atelier/data";
import type { Dataset } from "@atelier/db";
import type { Services } from "../context";
import { characteristicsOf } from "../store/dataset-characteristics";

/** A dataset's key figures, or why they could not be measured. */
export type DatasetFigures = { figures: KeyFigures; problem: null } | { figures: null; problem: string };

/** Each dataset's key figures; one after another, since each takes the machine's memory and cores for itself. */
export async function measureFigures(
	services: Pick<Services, "db" | "store">,
	datasets: readonly Dataset[],
): Promise<Map<string, DatasetFigures>> {
	const measured = new Map<string, DatasetFigures>();
	for (const dataset of datasets) {
		try {
			const figures = keyFiguresOf(await characteristicsOf(services, dataset));
			measured.set(dataset.id, { figures, problem: null });
		} catch (error) {
			measured.set(dataset.id, { figures: null, problem: messageOf(error) });
		}
	}
	return measured;
}
