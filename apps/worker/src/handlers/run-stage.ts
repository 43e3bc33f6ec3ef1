import { enqueueReadyStages } from "@atelier/jobs";
import { afterSuccess } from "../stages/after-stage";
import { isTrainerKind, stageKind } from "../stages/attempt";
import { claimStage } from "../stages/claim-stage";
import { freshWork, type Outcome, runAttempt } from "../stages/run-attempt";
import { waitingReason } from "../trainer-state";
import type { WorkerContext } from "../worker-context";

/** Runs a stage, a second time where that may help. Returns without doing anything when it is not to be had. */
export async function runStage(worker: WorkerContext, stageKey: string): Promise<void> {
	await worker.slots.with(async () => {
		let outcome: Outcome | null = null;
		do {
			if (worker.isStopping() || (await mustWait(worker, stageKey))) return;
			const attempt = await claimStage(worker.db, worker.folders, worker.id, stageKey);
			if (attempt === null) return;
			outcome = await runAttempt(worker, attempt, freshWork(worker, attempt));
			if (outcome === "succeeded") await afterSuccess(worker, attempt);
		} while (outcome === "queued");
		if (outcome === "failed") await enqueueReadyStages(worker.db, worker.queue);
	});
}

/** A trainer stage stays queued, and says why, until the trainer's environment is there. */
async function mustWait({ db, trainer }: WorkerContext, stageKey: string): Promise<boolean> {
	const state = trainer();
	if (state.state === "ready") return false;
	const stage = await db.stage.findUnique({ where: { key: stageKey }, select: { kind: true } });
	if (stage === null || !isTrainerKind(stageKind(stage.kind))) return false;
	await db.stage.updateMany({
		where: { key: stageKey, status: "queued" },
		data: { progress: { step: waitingReason(state), done: 0, total: 1, unit: "steps" } },
	});
	return true;
}
