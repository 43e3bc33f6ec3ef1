import { messageOf } from "@atelier/core";
import { type Listener, listen } from "@atelier/db";
import {
	type AnswerTable,
	CHANNELS,
	claimAnswer,
	failAnswer,
	keepAnswer,
	RENEW_ANSWER_EVERY_MS,
	releaseAnswer,
	removeOldSlices,
	renewAnswer,
} from "@atelier/jobs";
import { completeFor } from "../ranks/complete-for";
import { runThread } from "../threads/run-thread";
import type { WorkerContext } from "../worker-context";
import type { AnswerOrder } from "./answer-thread";

/** For rows whose notice was missed, or whose worker died. */
const LOOK_EVERY_MS = 10_000;
const MODULE = new URL("./answer-thread.ts", import.meta.url);

const CHANNEL_OF: Record<AnswerTable, string> = { contrast: CHANNELS.contrasts, slice_view: CHANNELS.slices };
const THREAD_OF: Record<AnswerTable, string> = {
	contrast: "The thread of paired tests",
	slice_view: "The thread of slices",
};

/**
 * Computes the rows of a table that wait, one after another in a thread. They take no slot: a person waits for them, and
 * each is a matter of seconds.
 */
export async function startAnswers(worker: WorkerContext, table: AnswerTable): Promise<{ stop: () => Promise<void> }> {
	const stopping = new AbortController();
	let active: Promise<void> | null = null;
	let isAskedAgain = false;
	const round = async () => {
		do {
			isAskedAgain = false;
			while (!stopping.signal.aborted && (await computeNext(worker, table, stopping.signal)));
		} while (isAskedAgain && !stopping.signal.aborted);
	};
	const now = () => {
		isAskedAgain = true;
		active ??= round()
			.catch((error) => worker.log(`${table}: ${messageOf(error)}`))
			.finally(() => {
				active = null;
			});
	};
	const listener: Listener = await listen(worker.env.DATABASE_URL, CHANNEL_OF[table], now, now);
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
async function computeNext(worker: WorkerContext, table: AnswerTable, signal: AbortSignal): Promise<boolean> {
	const { db, env, log } = worker;
	const key = await claimAnswer(db, table);
	if (key === null) return false;
	const renewal = setInterval(() => void renewAnswer(db, table, key).catch(() => undefined), RENEW_ANSWER_EVERY_MS);
	try {
		if (table === "slice_view") await completeFor(worker, key, signal);
		const order: AnswerOrder = { databaseUrl: env.DATABASE_URL, table, key };
		await keepAnswer(db, table, key, await runThread({ module: MODULE, order, name: THREAD_OF[table], signal }));
		if (table === "slice_view") await removeOldSlices(db);
	} catch (error) {
		if (signal.aborted) await releaseAnswer(db, table, key);
		else {
			log(`${table} ${key}: ${messageOf(error)}`);
			await failAnswer(db, table, key, error);
		}
	} finally {
		clearInterval(renewal);
	}
	return true;
}
