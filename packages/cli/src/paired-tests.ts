import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@atelier/core";
import { bar, note, progressLine } from "./output";

const ASK_EVERY_MS = 500;
/** After so long without one more test, it is said where to look. */
const DOUBT_AFTER_MS = 60_000;

/** An answer that stands on paired tests: `computing` is null once all of them are there. */
interface Tested {
	computing: { done: number; total: number; failed: string | null } | null;
}

/**
 * Asks until the paired tests of an answer are there, showing how many are: each is computed once, and kept.
 *
 * @throws AppError INTERNAL where one of them could not be computed.
 */
export async function withTests<A extends Tested>(ask: () => Promise<A>): Promise<A & { computing: null }> {
	const line = progressLine();
	let most = -1;
	let movedAt = Date.now();
	try {
		for (;;) {
			const answer = await ask();
			if (isComputed(answer)) return answer;
			const { done, total, failed } = answer.computing ?? { done: 0, total: 0, failed: null };
			if (failed !== null) throw new AppError("INTERNAL", `A paired test could not be computed: ${failed}`);
			line.show("Paired tests are being computed, once for all tables", bar(done, total));
			if (done > most) [most, movedAt] = [done, Date.now()];
			else if (Date.now() - movedAt > DOUBT_AFTER_MS) {
				line.end();
				note("No paired test was finished for a minute. npx atelier doctor says whether a worker runs.");
				movedAt = Date.now();
			}
			await delay(ASK_EVERY_MS);
		}
	} finally {
		line.end();
	}
}

function isComputed<A extends Tested>(answer: A): answer is A & { computing: null } {
	return answer.computing === null;
}
