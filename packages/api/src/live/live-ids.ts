import { AppError, familyIds, type IdReader, type IdText, letterIds, type PromptEvent, plainIds } from "@atelier/core";
import { storedIdTexts } from "@atelier/data";
import { checkAttempt } from "@atelier/jobs";
import type { Services } from "../context";
import type { InspectedRun } from "../rows/inspected-run";
import { stageOf } from "../rows/stored-recommendation";
import { storeOf } from "../store/store-of";

export interface LiveIds {
	idText: IdText;
	/** Reads the ids of one answer. */
	readerOf: (answer: string) => Promise<IdReader>;
}

export interface LiveIdsRequest {
	history: readonly PromptEvent[];
	candidates: readonly number[];
}

/** How a live prompt writes ids, and how its answer is read: as the run's own prompts were. */
export async function liveIds(
	{ db, store }: Pick<Services, "db" | "store">,
	inspected: InspectedRun,
	request: LiveIdsRequest,
): Promise<LiveIds> {
	const { history, candidates } = request;
	switch (inspected.config.prompts.idForm) {
		case "plain":
			return { idText: String, readerOf: async () => plainIds };
		case "letter":
			return { idText: String, readerOf: async () => letterIds(candidates) };
		case "family": {
			const folder = await promptsFolder({ db, store }, inspected);
			const shown = history.flatMap((event) => (event.action === "search" ? [] : [event.item.itemId]));
			const texts = await storedIdTexts(folder, { items: [...new Set([...shown, ...candidates])] });
			const textOf = new Map(texts.map(({ itemId, idText }) => [itemId, idText]));
			return {
				idText: (itemId) => textOf.get(itemId) ?? missing(`id text of item ${itemId}`, inspected),
				readerOf: async (answer) => {
					const named = await storedIdTexts(folder, { idTexts: answer.match(/\d+-\d+/g) ?? [] });
					return familyIds(new Map(named.map(({ itemId, idText }) => [idText, itemId])));
				},
			};
		}
	}
}

async function promptsFolder({ db, store }: Pick<Services, "db" | "store">, inspected: InspectedRun): Promise<string> {
	const where = { key: stageOf(inspected, "prompts") };
	const { attemptId } = await db.stage.findUniqueOrThrow({ where, select: { attemptId: true } });
	const prompts = attemptId === null ? null : await checkAttempt(db, storeOf({ store }), attemptId);
	return prompts?.damage === null ? storeOf({ store }).folder(prompts.path) : missing("prompts folder", inspected);
}

function missing(what: string, { run }: InspectedRun): never {
	throw new AppError("INTERNAL", `The ${what} is missing from the stored prompts of run ${run.id}; launch it again.`);
}
