import { join } from "node:path";
import { AppError, type StageEvent, type StageKind, type StageParams, type TrainerKind } from "@atelier/core";
import { type DuckDb, openDuckDb } from "../duckdb";

/** Kinds that run in the worker, on DuckDB. */
export type TsStageKind = Exclude<StageKind, TrainerKind>;

type WithoutPlace<E> = E extends unknown ? Omit<E, "seq" | "at"> : never;
/** A stage event before it gets its number and time. */
export type StageReport = WithoutPlace<StageEvent>;

/** A stage's own summary: named numbers, words and flags. */
export type StageResult = Record<string, number | string | boolean | null>;

/** What a TypeScript stage is told; the same things that `spec.json` tells the trainer. */
export interface StageContext<K extends TsStageKind> {
	/** Input name → absolute folder of that stage's outputs; `dataset` is the dataset's folder. */
	inputs: Record<string, string>;
	/** Absolute folder that the outputs are written to; it exists. */
	output: string;
	params: StageParams<K>;
	seed: number;
	report: (event: StageReport) => void;
	signal?: AbortSignal;
	/** Threads that DuckDB may use; its own choice when absent. */
	threads?: number;
}

/** @throws AppError BAD_REQUEST when the stage was started without that input. */
export function inputFolder(inputs: Record<string, string>, name: string): string {
	const folder = inputs[name];
	if (folder === undefined) throw new AppError("BAD_REQUEST", `The stage was started without its input "${name}".`);
	return folder;
}

/** The DuckDB of one stage: in memory, spilling to a folder beside the outputs that is gone at the end. */
export function openStageDatabase(
	context: Pick<StageContext<TsStageKind>, "output" | "threads" | "signal">,
): Promise<DuckDb> {
	const { output, threads, signal } = context;
	return openDuckDb({ temporaryFolder: join(output, ".spill"), memoryLimit: "3GB", threads, signal });
}
