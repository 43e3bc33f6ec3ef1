import { selectCandidates } from "@atelier/core";
import { type Database, nearestQueries } from "@atelier/db";
import type { InspectedRun } from "../rows/inspected-run";
import { stageOf, storedCandidates } from "../rows/stored-recommendation";
import type { ModelClient } from "./model-client";

export interface LiveCandidates {
	items: number[];
	origins: number[];
	neighbours: { query: string; similarity: number }[];
}

const NONE: LiveCandidates = { items: [], origins: [], neighbours: [] };

/**
 * Candidates for a query. The shopper's own query keeps what the memory held before that session; another query is
 * looked up in the memory as it stands after training.
 */
export async function liveCandidates(
	db: Database,
	inspected: InspectedRun,
	models: ModelClient,
	query: string | null,
): Promise<LiveCandidates> {
	const { config, example, stageKey } = inspected;
	if (query === null || stageKey.memory === undefined) return NONE;
	if (query === example.query) return storedCandidates(db, inspected);
	const nearest = await nearestQueries(db, {
		stageKey: stageOf(inspected, "encode-queries"),
		vector: await models.encode(query),
		limit: config.encodeQueries.neighbours,
	});
	const listings = await db.memoryListing.findMany({
		where: { stageKey: stageKey.memory, queryId: { in: nearest.map(({ queryId }) => queryId) } },
	});
	const itemsOf = new Map(listings.map(({ queryId, items }) => [queryId, items]));
	const { items, origins, neighbours } = selectCandidates({
		neighbours: nearest.map(({ queryId, similarity }) => ({ queryId, similarity, items: itemsOf.get(queryId) ?? [] })),
		queries: config.memory.queries,
		products: config.memory.products,
	});
	const text = new Map(nearest.map((near) => [near.queryId, near.query]));
	return {
		items,
		origins,
		neighbours: neighbours.map(({ queryId, similarity }) => ({ query: text.get(queryId) ?? "", similarity })),
	};
}
