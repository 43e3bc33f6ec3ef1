import { AppError } from "@atelier/core";
import { runThread } from "../threads/run-thread";
import { type HeldAttempt, isTrainerKind } from "./attempt";
import type { StageOrder } from "./stage-thread";

/**
 * Runs a TypeScript stage in a thread of this process; it leaves behind what a trainer process would: events, outputs, a
 * receipt.
 *
 * @param inputs local folders
 * @throws AppError CANCELLED when `signal` is raised; the thread is gone then
 */
export async function runInWorker(
	attempt: HeldAttempt,
	inputs: Record<string, string>,
	signal: AbortSignal,
): Promise<{ exitCode: number }> {
	const { kind } = attempt;
	if (isTrainerKind(kind)) throw new AppError("INTERNAL", `${kind} does not run in the worker.`);
	const { revision, stageKey: key, id, params, folder: output, seed } = attempt;
	const order: StageOrder = { kind, spec: { revision, key, attempt: id, params, inputs, output, seed } };
	await runThread({
		module: new URL("./stage-thread.ts", import.meta.url),
		order,
		name: `The thread of stage ${kind}`,
		signal,
	});
	return { exitCode: 0 };
}
