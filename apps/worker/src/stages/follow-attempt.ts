import { explain } from "@atelier/core";
import type { WorkerContext } from "../worker-context";
import { afterSuccess } from "./after-stage";
import type { HeldAttempt } from "./attempt";
import { runAttempt, type Work } from "./run-attempt";

/** Takes a held attempt to its end and beyond. Never rejects; a stop of the worker waits for it. */
export function followAttempt(worker: WorkerContext, attempt: HeldAttempt, work: Work): void {
	const followed = follow(worker, attempt, work).catch((error) => {
		worker.log(`${attempt.kind} ${attempt.stageKey}: ${explain(error)}`);
	});
	worker.background.add(followed);
	void followed.then(() => worker.background.delete(followed));
}

async function follow(worker: WorkerContext, attempt: HeldAttempt, work: Work): Promise<void> {
	// From here on its slot is free.
	const outcome = await runAttempt(worker, attempt, work).finally(() => worker.wake());
	// Indexes of many vectors take minutes: that is no slot's time.
	if (outcome === "succeeded") await afterSuccess(worker, attempt);
}
