import { AppError } from "@atelier/core";
import type { TsStageKind } from "@atelier/data";
import { runThread } from "../threads/run-thread";
import type { HeldAttempt } from "./attempt";
import type { StageOrder } from "./stage-thread";

const TS_KINDS: readonly TsStageKind[] = ["split", "memory", "prompts", "parse", "evaluate"];

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
	const kind = TS_KINDS.find((known) => known === attempt.kind);
	if (kind === undefined) throw new AppError("INTERNAL", `${attempt.kind} does not run in the worker.`);
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
