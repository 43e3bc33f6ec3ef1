import type { Contrast } from "@atelier/core";
import type { Database } from "@atelier/db";
import { askAnswers, type Computing, toldFailure } from "../answers/ask-answers";
import { predictionNames } from "../ranks/prediction-names";
import { type ContrastAsk, keyContrast, mirrored } from "./contrast-key";
import { contrastResult } from "./contrast-schemas";

export type { ContrastAsk } from "./contrast-key";
export type { ContrastTerm } from "./contrast-schemas";

export interface ContrastAnswers {
	/** Null once all are there. */
	computing: Computing | null;
	/**
	 * One for each ask, in their order; null of those whose runs do not share their test examples. Empty while some are
	 * being computed: what is judged together must be there together.
	 */
	contrasts: (Contrast | null)[];
}

/**
 * Looks contrasts up, and has a worker compute those that nobody asked for before. Answers at once: who wants to wait
 * asks again.
 */
export async function askContrasts(db: Database, asks: readonly ContrastAsk[]): Promise<ContrastAnswers> {
	if (asks.length === 0) return { computing: null, contrasts: [] };
	const nameOf = await predictionNames(
		db,
		asks.flatMap(({ terms }) => terms.map(({ runId }) => runId)),
	);
	const keyed = asks.map((ask) => keyContrast(ask, nameOf));
	const wanted = new Map(keyed.map((one) => [one.key, one.request]));
	const rows = await askAnswers(db, "contrast", wanted);
	const done = [...rows.values()].filter(({ status }) => status === "succeeded").length;
	if (done < wanted.size) {
		return { computing: { done, total: wanted.size, failed: toldFailure(rows.values()) }, contrasts: [] };
	}
	return {
		computing: null,
		contrasts: keyed.map(({ key, isMirrored }) => {
			const contrast = contrastResult.parse(rows.get(key)?.result ?? null);
			return contrast !== null && isMirrored ? mirrored(contrast) : contrast;
		}),
	};
}
