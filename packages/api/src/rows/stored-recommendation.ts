import { AppError, mixup } from "@atelier/core";
import type { Database } from "@atelier/db";
import type { InspectedRun } from "./inspected-run";
import { itemOr, itemsById } from "./item";
import type { Recommendation } from "./recommendation";

const SHOWN = 10;

/** The stage key of a kind. @throws AppError INTERNAL when the run has no such stage. */
export function stageOf({ run, stageKey }: InspectedRun, kind: keyof InspectedRun["stageKey"]): string {
	const key = stageKey[kind];
	if (key === undefined) throw new AppError("INTERNAL", `Run ${run.id} has no ${kind} stage.`);
	return key;
}

/** The stored candidates of the inspected example and the queries they came from. */
export async function storedCandidates(db: Database, inspected: InspectedRun) {
	const { memory, split } = inspected.stageKey;
	if (memory === undefined || split === undefined) return { items: [], origins: [], neighbours: [] };
	const where = { stageKey: memory, exampleId: inspected.example.exampleId };
	const stored = await db.candidates.findFirst({ where });
	if (stored === null) return { items: [], origins: [], neighbours: [] };
	const queries = await db.query.findMany({ where: { stageKey: split, queryId: { in: stored.neighbours } } });
	const text = new Map(queries.map(({ queryId, query }) => [queryId, query]));
	return {
		items: stored.items.slice(0, inspected.config.memory.products),
		origins: stored.origins,
		neighbours: stored.neighbours.map((queryId, i) => ({
			queryId,
			query: text.get(queryId) ?? "",
			similarity: stored.similarities[i] ?? 0,
		})),
	};
}

/** What `ours` stored for the shopper; the mixup is taken again from the stored lists, with any `n`. */
export async function storedRecommendation(db: Database, inspected: InspectedRun, n: number): Promise<Recommendation> {
	const { example, config, dataset } = inspected;
	const at = (stageKey: string) => ({ where: { stageKey_exampleId: { stageKey, exampleId: example.exampleId } } });
	const [prompt, generation, lists, candidates] = await Promise.all([
		db.prompt.findUniqueOrThrow(at(stageOf(inspected, "prompts"))),
		db.generation.findUniqueOrThrow(at(stageOf(inspected, "parse"))),
		db.retrievedList.findUniqueOrThrow(at(stageOf(inspected, "retrieve"))),
		storedCandidates(db, inspected),
	]);
	const { idList, titleList } = lists;
	const { text, itemId, title, failure, logProbability } = generation;
	const shown = prompt.candidates.map((id) => candidates.items.indexOf(id));
	return describe(db, dataset.id, {
		query: example.query,
		prompt: prompt.prompt,
		neighbours: candidates.neighbours,
		candidates: prompt.candidates.map((id, i) => ({ id, neighbour: candidates.origins[shown[i] ?? -1] ?? 0 })),
		generation: { text, itemId, title, failure, logProbability },
		idList,
		titleList,
		mixed: mixup({ idList, titleList, n, k: Math.max(idList.length, titleList.length), mode: config.evaluate.mixup }),
		groundTruth: example.targetItem,
	});
}

export interface RecommendationIds extends Pick<Recommendation, "query" | "prompt" | "neighbours" | "generation"> {
	candidates: { id: number; neighbour: number }[];
	idList: number[];
	titleList: number[];
	mixed: { items: number[]; origins: string[] };
	groundTruth: number;
}

/** Ids as items, and the first ten places of each list. */
export async function describe(db: Database, datasetId: string, ids: RecommendationIds): Promise<Recommendation> {
	const { mixed, groundTruth, candidates, idList, titleList, ...rest } = ids;
	const top = { id: idList.slice(0, SHOWN), title: titleList.slice(0, SHOWN), final: mixed.items.slice(0, SHOWN) };
	const items = await itemsById(db, datasetId, [
		...candidates.map(({ id }) => id),
		...top.id,
		...top.title,
		...top.final,
	]);
	const place = mixed.items.indexOf(groundTruth);
	return {
		query: rest.query,
		prompt: rest.prompt,
		neighbours: rest.neighbours.map(({ query, similarity }) => ({ query, similarity })),
		candidates: candidates.map(({ id, neighbour }) => ({ item: itemOr(items, id), neighbour })),
		generation: rest.generation,
		idList: top.id.map((id) => itemOr(items, id)),
		titleList: top.title.map((id) => itemOr(items, id)),
		final: top.final.map((id, i) => ({ item: itemOr(items, id), origin: mixed.origins[i] ?? "title" })),
		rank: place === -1 ? null : place + 1,
	};
}
