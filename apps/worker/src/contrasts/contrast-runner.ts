import { messageOf } from "@atelier/core";
import { type Listener, listen } from "@atelier/db";
import {
	CHANNELS,
	claimContrast,
	contrastResult,
	failContrast,
	keepContrast,
	RENEW_CONTRAST_EVERY_MS,
	releaseContrast,
	renewContrast,
} from "@atelier/jobs";
import { runThread } from "../threads/run-thread";
import type { WorkerContext } from "../worker-context";
import type { ContrastOrder } from "./contrast-thread";

/** For contrasts whose notice was missed, or whose worker died. */
const LOOK_EVERY_MS = 10_000;
const MODULE = new URL("./contrast-thread.ts", import.meta.url);

/**
 * Computes the paired tests that wait, one after another in a thread. They take no slot: a person waits for them, and
 * each is a matter of seconds.
 */
export async function startContrasts(worker: WorkerContext): Promise<{ stop: () => Promise<void> }> {
	const stopping = new AbortController();
	let active: Promise<void> | null = null;
	let isAskedAgain = false;
	const round = async () => {
		do {
			isAskedAgain = false;
			while (!stopping.signal.aborted && (await computeNext(worker, stopping.signal)));
		} while (isAskedAgain && !stopping.signal.aborted);
	};
	const now = () => {
		isAskedAgain = true;
		active ??= round()
			.catch((error) => worker.log(`paired tests: ${messageOf(error)}`))
			.finally(() => {
				active = null;
			});
	};
	const listener: Listener = await listen(worker.env.DATABASE_URL, CHANNELS.contrasts, now, now);
	const timer = setInterval(now, LOOK_EVERY_MS);
	return {
		async stop() {
			clearInterval(timer);
			stopping.abort();
			await listener.close();
			await active;
		},
	};
}

/** Computes the one that waits longest; false when none waits. */
async function computeNext({ db, env, log }: WorkerContext, signal: AbortSignal): Promise<boolean> {
	const key = await claimContrast(db);
	if (key === null) return false;
	const renewal = setInterval(() => void renewContrast(db, key).catch(() => undefined), RENEW_CONTRAST_EVERY_MS);
	try {
		const order: ContrastOrder = { databaseUrl: env.DATABASE_URL, key };
		const value = await runThread({ module: MODULE, order, name: "The thread of paired tests", signal });
		await keepContrast(db, key, contrastResult.parse(value));
	} catch (error) {
		if (signal.aborted) await releaseContrast(db, key);
		else {
			log(`paired test ${key}: ${messageOf(error)}`);
			await failContrast(db, key, error);
		}
	} finally {
		clearInterval(renewal);
	}
	return true;
}
