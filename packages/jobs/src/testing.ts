import type { Database, Pool } from "@atelier/db";
import { type AnswerTable, claimAnswer, failAnswer, keepAnswer } from "./answers/work-answers";
import { computeContrast } from "./contrasts/compute-contrast";
import { computeSlice } from "./slices/compute-slice";
import { showSlice } from "./slices/keep-slice";

/** For tests without a worker: computes the paired tests and slices that wait, in this very process. */
export async function computeWaiting(db: Database, pool: Pool): Promise<void> {
	await drain(db, "contrast", (key) => computeContrast(pool, key));
	await drain(db, "slice_view", (key) => computeSlice(pool, key, (part) => showSlice(pool, key, part)));
}

async function drain(db: Database, table: AnswerTable, compute: (key: string) => Promise<unknown>): Promise<void> {
	for (let key = await claimAnswer(db, table); key !== null; key = await claimAnswer(db, table)) {
		try {
			await keepAnswer(db, table, key, await compute(key));
		} catch (error) {
			await failAnswer(db, table, key, error);
		}
	}
}
