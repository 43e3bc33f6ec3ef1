import { STAGE_REVISIONS, type StageKind, type StageParams, stageParams, TRAINER_KINDS } from "../contracts";
import { AppError } from "../errors";
import type { Method } from "./methods";
import type { Preset } from "./preset";
import { contentKey } from "./stage-key";

export interface PlannedStage {
	key: string;
	kind: StageKind;
	where: "worker" | "trainer";
	revision: number;
	params: Record<string, unknown>;
	/** Input name → key of the stage that makes it. */
	inputs: Record<string, string>;
	/** Whether the dataset's own folder is an input too (named `dataset`). */
	needsDataset: boolean;
	seed: number;
}

export interface DatasetFacts {
	id: string;
	name: string;
	/** Searches in the log, derived ones included. */
	searches: number;
}

/** Kinds whose result does not depend on the run's seed; they are planned with seed 0 and so shared between seeds. */
const UNSEEDED: ReadonlySet<StageKind> = new Set<StageKind>([
	"encode-queries",
	"memory",
	"prompts",
	"parse",
	"id-encoder",
	"retrieve",
	"evaluate",
]);

/**
 * The stages of one run, inputs before the stages that read them; the last one is `evaluate`.
 *
 * @throws AppError BAD_REQUEST when the method needs searches and the dataset has none.
 */
export function planRun(dataset: DatasetFacts, method: Method, preset: Preset, seed: number): PlannedStage[] {
	const stages = new Map<string, PlannedStage>();
	const add = <K extends StageKind>(
		kind: K,
		params: StageParams<K>,
		inputs: Record<string, string>,
		needsDataset: boolean,
	): string => {
		const revision = STAGE_REVISIONS[kind];
		const checked: Record<string, unknown> = stageParams[kind].parse(params);
		// A split is drawn only where a share of the training sequences is kept; all of them need no seed.
		const isSeeded =
			kind === "split" ? checked.trainRatio !== 1 : !UNSEEDED.has(kind) && checked.model !== "popularity";
		const stageSeed = isSeeded ? seed : 0;
		const source = needsDataset ? { dataset: dataset.id } : {};
		const key = contentKey({ kind, revision, params: checked, inputs: { ...inputs, ...source }, seed: stageSeed });
		const where = TRAINER_KINDS.some((trainerKind) => trainerKind === kind) ? "trainer" : "worker";
		stages.set(key, { key, kind, where, revision, params: checked, inputs, needsDataset, seed: stageSeed });
		return key;
	};

	const split = add("split", preset.split, {}, true);
	const memory = () => {
		if (dataset.searches === 0) {
			throw new AppError(
				"BAD_REQUEST",
				`Dataset ${dataset.name} has no searches, and ${method} needs them. Leave ${method} out, or import with a mapping that derives a search before each purchase.`,
			);
		}
		const encodeQueries = add("encode-queries", preset.encodeQueries, { split }, false);
		return add("memory", preset.memory, { split, encodeQueries }, true);
	};
	const baseline = (model: "popularity" | "sasrec" | "core") =>
		add("baseline", preset.baselines[model], { split }, true);
	const evaluate = (source: "baseline" | "memory" | "lists", inputs: Record<string, string>) =>
		add("evaluate", { ...preset.evaluate, source }, { split, ...inputs }, source === "lists");

	switch (method) {
		case "popularity":
		case "sasrec":
		case "core":
			evaluate("baseline", { baseline: baseline(method) });
			break;
		case "memory":
			evaluate("memory", { memory: memory() });
			break;
		case "ours": {
			const prompts = add(
				"prompts",
				preset.prompts,
				preset.prompts.candidates ? { split, memory: memory() } : { split },
				true,
			);
			const baseModel = add("base-model", preset.baseModel, { split, prompts }, true);
			const fineTune = add("fine-tune", preset.fineTune, { baseModel, prompts }, false);
			const generate = add("generate", preset.generate, { baseModel, fineTune, prompts }, true);
			const parse = add("parse", {}, { generate }, true);
			const titleEncoder = add("title-encoder", preset.titleEncoder, { split }, true);
			const idEncoder = add("id-encoder", {}, { baseline: baseline("core") }, false);
			const retrieve = add("retrieve", preset.retrieve, { parse, titleEncoder, idEncoder }, false);
			evaluate("lists", { retrieve, parse, prompts });
			break;
		}
	}
	return [...stages.values()];
}

/** Stages of several runs, each once, in an order in which inputs stand before their readers. */
export function mergePlans(plans: readonly PlannedStage[][]): PlannedStage[] {
	return [...new Map(plans.flat().map((stage) => [stage.key, stage])).values()];
}
