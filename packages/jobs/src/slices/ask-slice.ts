import { setTimeout as delay } from "node:timers/promises";
import { contentKey } from "@atelier/core";
import type { Database } from "@atelier/db";
import { askAnswers, type Computing, toldFailure } from "../answers/ask-answers";
import { predictionNames } from "../ranks/prediction-names";
import { type SliceRequest, type SliceResult, sliceResult } from "./slice-schemas";

/** Raised whenever the code changes what a view comes to. */
const REVISION = 1;
/** Most views come to their values within this; who asks is spared asking again. */
const WAIT_MS = 900;
const LOOK_EVERY_MS = 40;

export interface SliceAnswer {
	/** Null once intervals and tests are there. */
	computing: Computing | null;
	/** The values stand in it before the intervals do; null before there are any. */
	result: SliceResult | null;
}

/** Looks a view up, or has a worker compute it, and waits a moment for its values. */
export async function askSlice(db: Database, request: SliceRequest): Promise<SliceAnswer> {
	const nameOf = await predictionNames(
		db,
		request.methods.flatMap(({ runs }) => runs.map(({ runId }) => runId)),
	);
	const methods = request.methods.map(({ method, runs }) => ({
		method,
		runs: runs.map(({ runId, seed }) => ({ seed, predictions: nameOf(runId) })),
	}));
	const key = contentKey({ view: "slice", revision: REVISION, ...request, methods });
	const wanted = new Map([[key, request]]);
	const until = Date.now() + WAIT_MS;
	for (;;) {
		const rows = await askAnswers(db, "slice_view", wanted);
		const row = rows.get(key);
		const result = row?.result == null ? null : sliceResult.parse(row.result);
		if (row?.status === "succeeded") return { computing: null, result };
		const failed = toldFailure(rows.values());
		if (result !== null || failed !== null || Date.now() > until) {
			return { computing: { done: result?.done ?? 0, total: result?.total ?? 1, failed }, result };
		}
		await delay(LOOK_EVERY_MS);
	}
}
