import { setTimeout as delay } from "node:timers/promises";
import { createPool, isPassing } from "@atelier/db";

const AGAIN_MS = 500;

/**
 * Waits until the record can be asked. A worker that is started while Postgres recovers would otherwise end and be
 * started again until there had been too many starts.
 *
 * @param onAbsent told at the first failure
 * @throws whatever the record says that waiting cannot change, such as a wrong password
 */
export async function recordAnswers(databaseUrl: string, onAbsent: (error: unknown) => void): Promise<void> {
	const pool = createPool(databaseUrl, { connections: 1 });
	try {
		for (let tried = 0; ; tried += 1) {
			try {
				await pool.query("SELECT 1");
				return;
			} catch (error) {
				if (isPassing(error) !== "unavailable") throw error;
				if (tried === 0) onAbsent(error);
				await delay(AGAIN_MS);
			}
		}
	} finally {
		await pool.end();
	}
}
