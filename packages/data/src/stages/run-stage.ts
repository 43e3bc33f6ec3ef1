import { appendFile, mkdir, readdir, rename, stat, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { AppError, messageOf, type Receipt, receipt, type StageEvent, stageEvent, stageParams } from "@atelier/core";
import { sha256OfFile } from "@atelier/store";
import type { z } from "zod";
import type { StageContext, StageReport, StageResult, TsStageKind } from "./context";
import { tsEnvironment } from "./environment";
import { runEvaluateStage } from "./evaluate";
import { runMemoryStage } from "./memory";
import { runOutsideStage } from "./outside";
import { runParseStage } from "./parse";
import { runPoolsStage } from "./pools";
import { runPromptsStage } from "./prompts";
import { runSplitStage } from "./split";

/** The stages that run in the worker, by kind. */
export const tsStages: { [K in TsStageKind]: (context: StageContext<K>) => Promise<StageResult> } = {
	split: runSplitStage,
	memory: runMemoryStage,
	prompts: runPromptsStage,
	parse: runParseStage,
	pools: runPoolsStage,
	outside: runOutsideStage,
	evaluate: runEvaluateStage,
};

/** What a stage attempt is told; the fields mean what they mean in the trainer's `spec.json`. */
export interface TsStageSpec {
	revision: number;
	key: string;
	attempt: string;
	/** Checked against the kind's schema. */
	params: unknown;
	inputs: Record<string, string>;
	/** Absolute folder of this attempt; made when missing. */
	output: string;
	seed: number;
	threads?: number;
	signal?: AbortSignal;
}

const OWN_FILES = new Set(["spec.json", "events.ndjson", "receipt.json"]);

/**
 * Runs one attempt of a stage the way the trainer does: `spec.json` first, events to `events.ndjson` and `onEvent` as
 * they come, `receipt.json` last and by rename.
 *
 * @throws AppError BAD_REQUEST for unknown or wrong parameters, CANCELLED once `signal` is raised, otherwise what the
 * stage throws; the last event then is a `log` of level `error`.
 */
export async function runTsStage(
	kind: TsStageKind,
	spec: TsStageSpec,
	onEvent: (event: StageEvent) => void = () => {},
): Promise<Receipt> {
	const started = performance.now();
	await mkdir(spec.output, { recursive: true });
	const events = new EventLog(join(spec.output, "events.ndjson"), onEvent);
	try {
		const { signal, ...written } = spec;
		await writeByRename(join(spec.output, "spec.json"), { contract: 1, kind, ...written });
		const result = await runKind(kind, spec, events.report);
		events.report({ type: "result", payload: result });
		await events.written();
		if (signal?.aborted) throw new AppError("CANCELLED", "The stage was cancelled.");
		const done: Receipt = receipt.parse({
			contract: 1,
			key: spec.key,
			attempt: spec.attempt,
			outputs: await outputsOf(spec.output),
			durationMs: Math.round(performance.now() - started),
			environment: await tsEnvironment(spec.threads),
			result,
		});
		await writeByRename(join(spec.output, "receipt.json"), done);
		return done;
	} catch (error) {
		events.report({ type: "log", payload: { level: "error", message: messageOf(error) } });
		await events.written();
		throw error;
	}
}

function runKind(kind: TsStageKind, spec: TsStageSpec, report: (event: StageReport) => void): Promise<StageResult> {
	const { inputs, output, seed, signal, threads } = spec;
	const rest = { inputs, output, seed, signal, threads, report };
	switch (kind) {
		case "split":
			return tsStages.split({ ...rest, params: checkedParams(stageParams.split, kind, spec.params) });
		case "memory":
			return tsStages.memory({ ...rest, params: checkedParams(stageParams.memory, kind, spec.params) });
		case "prompts":
			return tsStages.prompts({ ...rest, params: checkedParams(stageParams.prompts, kind, spec.params) });
		case "parse":
			return tsStages.parse({ ...rest, params: checkedParams(stageParams.parse, kind, spec.params) });
		case "pools":
			return tsStages.pools({ ...rest, params: checkedParams(stageParams.pools, kind, spec.params) });
		case "outside":
			return tsStages.outside({ ...rest, params: checkedParams(stageParams.outside, kind, spec.params) });
		case "evaluate":
			return tsStages.evaluate({ ...rest, params: checkedParams(stageParams.evaluate, kind, spec.params) });
	}
}

function checkedParams<T>(schema: z.ZodType<T>, kind: TsStageKind, params: unknown): T {
	const parsed = schema.safeParse(params);
	if (parsed.success) return parsed.data;
	const problem = parsed.error.issues[0];
	const at = problem?.path.join(".") || "parameters";
	throw new AppError("BAD_REQUEST", `Stage ${kind}, ${at}: ${problem?.message}`);
}

/** Numbers events without gaps and writes them in order; a stage reports without waiting for the disk. */
class EventLog {
	private seq = 0;
	private queue: Promise<void> = Promise.resolve();

	constructor(
		private readonly file: string,
		private readonly onEvent: (event: StageEvent) => void,
	) {}

	readonly report = (event: StageReport): void => {
		this.seq += 1;
		const full = stageEvent.parse({ seq: this.seq, at: new Date().toISOString(), ...event });
		this.queue = this.queue.then(() => appendFile(this.file, `${JSON.stringify(full)}\n`));
		// A failed write is met by `written`; until then it must not count as unhandled.
		this.queue.catch(() => {});
		this.onEvent(full);
	};

	written(): Promise<void> {
		return this.queue;
	}
}

async function outputsOf(folder: string): Promise<Receipt["outputs"]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
		.filter((path) => !OWN_FILES.has(path))
		.sort();
	return Promise.all(
		paths.map(async (path) => {
			const file = join(folder, path);
			return { path, sizeBytes: (await stat(file)).size, sha256: await sha256OfFile(file) };
		}),
	);
}

async function writeByRename(file: string, value: unknown): Promise<void> {
	await writeFile(`${file}.partial`, `${JSON.stringify(value, null, "\t")}\n`);
	await rename(`${file}.partial`, file);
}
