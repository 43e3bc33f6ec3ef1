import type { Database } from "./database";
import type { Prisma } from "./generated/client";
import { isPassing } from "./passing-errors";

/**
 * Prisma ends a transaction after five seconds, the time that it waits for a lock included, and gives up on a
 * connection after two. Either would lose work on a busy machine: ours are short, but may wait behind a long one.
 */
const LIMITS = { maxWait: 60_000, timeout: 300_000 };
/** What meets another transaction head-on (a deadlock) is begun anew this often. */
const TRIES = 4;

/** Runs `work` in one transaction; one that had to give way to another is run again, so `work` may run more than once. */
export async function transaction<Result>(
	db: Database,
	work: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
	for (let tried = 1; ; tried++) {
		try {
			return await db.$transaction(work, LIMITS);
		} catch (error) {
			if (tried === TRIES || isPassing(error) !== "conflict") throw error;
		}
	}
}
