import { createPool } from "@atelier/db";
import { computeWaiting } from "@atelier/jobs/testing";
import type { Console } from "./console";

interface Answer {
	computing: { done: number; total: number } | null;
}

/** Asks, has what waits computed as a worker would, and asks again. */
export async function computed<A extends Answer>(
	{ url, services: { db } }: Console,
	ask: () => Promise<A>,
): Promise<A> {
	const first = await ask();
	if (first.computing === null) return first;
	const pool = createPool(url);
	try {
		await computeWaiting(db, pool);
	} finally {
		await pool.end();
	}
	return ask();
}
