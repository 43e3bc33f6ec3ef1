import { AppError } from "@atelier/core";
import { runTsStage, type TsStageKind } from "@atelier/data";
import type { HeldAttempt } from "./attempt";

const TS_KINDS: readonly TsStageKind[] = ["split", "memory", "prompts", "parse", "evaluate"];

/** Runs a TypeScript stage in this process; it leaves behind what a trainer process would: events, outputs, a receipt. */
export async function runInWorker(attempt: HeldAttempt, signal: AbortSignal): Promise<{ exitCode: number }> {
	const kind = TS_KINDS.find((known) => known === attempt.kind);
	if (kind === undefined) throw new AppError("INTERNAL", `${attempt.kind} does not run in the worker.`);
	const { revision, stageKey: key, id, params, inputs, folder: output, seed } = attempt;
	await runTsStage(kind, { revision, key, attempt: id, params, inputs, output, seed, signal });
	return { exitCode: 0 };
}
