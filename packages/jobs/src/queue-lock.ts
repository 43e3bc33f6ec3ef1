import { type Database, type Prisma, transaction } from "@atelier/db";

/** Any number that nothing else in the record locks. */
export const QUEUE_LOCK = 1_635_019_116;

/**
 * One transaction on the queue. Whatever changes which stages are queued, running or done goes one after another: that
 * two inputs of a stage end at the same moment, or that a launch comes while a stage is claimed, is then nothing that
 * anyone must think of, and no two can wait for each other. Each takes milliseconds.
 */
export function onQueue<Result>(
	db: Database,
	work: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
	return transaction(db, async (tx) => {
		await tx.$executeRaw`SELECT pg_advisory_xact_lock(${QUEUE_LOCK})`;
		return work(tx);
	});
}
