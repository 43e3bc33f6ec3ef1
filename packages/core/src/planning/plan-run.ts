import { STAGE_REVISIONS, type StageKind, type StageParams, stageParams, TRAINER_KINDS } from "../contracts";
import { AppError } from "../errors";
import { effectivePreset } from "./effective-preset";
import { findMethod, hasVariants, type Method, type MethodRecord, methodsWhere } from "./methods";
import { type ModelPins, pinned } from "./model-pins";
import type { Preset } from "./preset";
import type { Setting } from "./settings";
import { contentKey } from "./stage-key";
import type { Variant } from "./variants";

export interface PlannedStage {
	key: string;
	kind: StageKind;
	where: "worker" | "trainer";
	revision: number;
	params: Record<string, unknown>;
	/** Input name → key of the stage that makes it. */
	inputs: Record<string, string>;
	/** The dataset that the stage works on: the run's, or the source of a zero-shot run. */
	datasetId: string;
	/** Whether that dataset's own folder is an input too (named `dataset`). */
	needsDataset: boolean;
	seed: number;
}

export interface DatasetFacts {
	id: string;
	name: string;
	/** Searches in the log, derived ones included. */
	searches: number;
	clicks: number;
	purchases: number;
}

/** One run: a method variant on one dataset in one setting with one seed. */
export interface RunRequest {
	dataset: DatasetFacts;
	method: Method;
	preset: Preset;
	seed: number;
	variant?: Variant;
	setting?: Setting;
	/** The dataset that a zero-shot run is trained on. */
	source?: DatasetFacts;
	/** What models from elsewhere stand for; a launch has it. */
	pins?: ModelPins;
}

/** Kinds whose result does not depend on the run's seed; they are planned with seed 0 and so shared between seeds. */
const UNSEEDED: ReadonlySet<StageKind> = new Set<StageKind>([
	"encode-queries",
	"memory",
	"prompts",
	"parse",
	"id-encoder",
	"retrieve",
	"pools",
	"rerank",
	"evaluate",
]);

/**
 * Parameters that a kind did not have at first, and what it did then: at that value they are no part of the key, so that
 * what was made before keeps its own.
 */
const LATER: Partial<Record<StageKind, Record<string, unknown>>> = {
	split: { target: "purchase" },
	"base-model": { revision: null },
	generate: { weights: "full", engine: "auto" },
	baseline: { textModel: null },
};

function withoutLater(kind: StageKind, params: Record<string, unknown>): Record<string, unknown> {
	const later = LATER[kind] ?? {};
	return Object.fromEntries(
		Object.entries(params).filter(([name, value]) => !(Object.hasOwn(later, name) && later[name] === value)),
	);
}

/**
 * The stages of one run, inputs before the stages that read them; the last one is `evaluate`.
 *
 * @throws AppError BAD_REQUEST when the method needs searches and the dataset has none, when the log has nothing of what
 * is to be predicted, and for a variant or a setting that the method does not have.
 */
export function planRun(request: RunRequest): PlannedStage[] {
	refuseImpossible(request);
	const plan = new Plan(request);
	const { ranks } = recordOf(request.method);
	switch (ranks.by) {
		case "memory":
			plan.evaluate("memory", { memory: plan.memory(plan.target) });
			break;
		case "framework":
			planFramework(plan, request.method, request.variant ?? []);
			break;
		case "baseline":
			plan.evaluate("baseline", { baseline: plan.baseline(plan.target, request.method) });
	}
	return plan.stages();
}

/** Stages of several runs, each once, in an order in which inputs stand before their readers. */
export function mergePlans(plans: readonly PlannedStage[][]): PlannedStage[] {
	return [...new Map(plans.flat().map((stage) => [stage.key, stage])).values()];
}

function refuseImpossible({ dataset, method, preset, variant = [], setting, source }: RunRequest): void {
	const refuse = (message: string): never => {
		throw new AppError("BAD_REQUEST", message);
	};
	for (const log of [dataset, ...(source ? [source] : [])]) {
		const why = withoutTarget(log, preset.split.target);
		if (why !== null) refuse(why);
	}
	const { needsQueries, carriesOver, ranks } = recordOf(method);
	const without = [dataset, ...(source ? [source] : [])].find(({ searches }) => searches === 0);
	if (needsQueries && without !== undefined) {
		refuse(
			`Dataset ${without.name} has no searches, and ${method} needs them. Leave ${method} out, or import with a mapping that derives a search before each purchase.`,
		);
	}
	if (variant.length > 0 && ranks.by !== "framework") {
		refuse(`${method} has no variants: only ${listed(methodsWhere(({ id }) => hasVariants(id)))} have switches.`);
	}
	if (method !== "ours" && ranks.by === "framework" && variant.includes("no-memory")) {
		refuse(`${method} ranks by the query-product memory: it has no variant without it.`);
	}
	if (setting?.kind !== "zero-shot") return;
	if (source === undefined) throw new Error(`the dataset facts of the zero-shot source ${setting.source} are missing`);
	if (source.id === dataset.id) refuse(`zero-shot from ${source.name} to itself: choose another dataset to train on.`);
	if (carriesOver) return;
	const others = listed(methodsWhere((other) => other.carriesOver));
	refuse(`${method} cannot be tested zero-shot: only ${others} carry over.`);
}

function recordOf(method: Method): MethodRecord {
	const record = findMethod(method);
	if (record === undefined) throw new Error(`there is no method ${method}`);
	return record;
}

/** `one, two and three`. */
function listed(names: readonly string[]): string {
	return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Why nothing of a log can be predicted; null where something can. */
function withoutTarget({ name, clicks, purchases }: DatasetFacts, target: StageParams<"split">["target"]) {
	if (target === "click" && clicks === 0) {
		return `Dataset ${name} has no clicks, so no click can be predicted. Leave split.target at purchase.`;
	}
	if (target !== "purchase" || purchases > 0) return null;
	if (clicks === 0) return `Dataset ${name} has neither purchases nor clicks, so there is nothing to predict.`;
	return `Dataset ${name} has no purchases, so no purchase can be predicted. Its clicks can: choose clicks under "To predict" on the Launch page, or add --set split.target=click.`;
}

/** Stages of a run as they are added, each by its key. */
class Plan {
	readonly #stages = new Map<string, PlannedStage>();
	readonly preset: Preset;
	/** The dataset that the run is tested on. */
	readonly target: DatasetFacts;
	/** The dataset that what is trained is trained on. */
	readonly origin: DatasetFacts;
	readonly isColdStart: boolean;
	readonly isZeroShot: boolean;
	/** Whether all of this dataset's training sequences are used, and nothing else. */
	readonly isWholeLog: boolean;
	readonly #seed: number;
	readonly #pins: ModelPins | undefined;
	readonly #trainRatio: number;

	constructor({ preset, variant = [], dataset, source, setting = { kind: "full" }, seed, pins }: RunRequest) {
		this.preset = effectivePreset(preset, variant);
		this.target = dataset;
		this.isZeroShot = setting.kind === "zero-shot";
		this.origin = this.isZeroShot ? (source ?? dataset) : dataset;
		this.isColdStart = setting.kind === "cold-start";
		this.isWholeLog = this.isColdStart || setting.kind === "full";
		this.#seed = seed;
		this.#pins = pins;
		this.#trainRatio = setting.kind === "low-resource" ? setting.ratio : preset.split.trainRatio;
	}

	stages(): PlannedStage[] {
		return [...this.#stages.values()];
	}

	add<K extends StageKind>(
		kind: K,
		dataset: DatasetFacts,
		params: StageParams<K>,
		given: Record<string, string | undefined>,
		needsDataset: boolean,
	): string {
		const inputs = Object.fromEntries(
			Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
		);
		const revision = STAGE_REVISIONS[kind];
		const { params: checked, keyed } = pinned(kind, stageParams[kind].parse(params), this.#pins);
		// A split is drawn only where a share of the training sequences is kept; all of them need no seed. What is
		// carried over from a source is not trained again.
		const isSeeded =
			kind === "split"
				? checked.trainRatio !== 1
				: !UNSEEDED.has(kind) && checked.model !== "popularity" && inputs.source === undefined;
		const seed = isSeeded ? this.#seed : 0;
		const folder = needsDataset ? { dataset: dataset.id } : {};
		const key = contentKey({
			kind,
			revision,
			params: withoutLater(kind, keyed),
			inputs: { ...inputs, ...folder },
			seed,
		});
		const where = TRAINER_KINDS.some((trainerKind) => trainerKind === kind) ? "trainer" : "worker";
		const stage: PlannedStage = {
			key,
			kind,
			where,
			revision,
			params: checked,
			inputs,
			datasetId: dataset.id,
			needsDataset,
			seed,
		};
		this.#stages.set(key, stage);
		return key;
	}

	split(dataset: DatasetFacts): string {
		return this.add("split", dataset, { ...this.preset.split, trainRatio: this.#trainRatio }, {}, true);
	}

	memory(dataset: DatasetFacts): string {
		const split = this.split(dataset);
		const { encodeQueries } = this.preset;
		const titleEncoder = encodeQueries.encoder === "title" ? this.titleEncoder(dataset) : undefined;
		const encoded = this.add("encode-queries", dataset, encodeQueries, { split, titleEncoder }, false);
		return this.add("memory", dataset, this.preset.memory, { split, encodeQueries: encoded }, true);
	}

	/** @param method One whose ranking is a baseline's. */
	baseline(dataset: DatasetFacts, method: Method): string {
		const { ranks, carriesOver } = recordOf(method);
		if (ranks.by !== "baseline") throw new Error(`${method} is no baseline`);
		const split = this.split(dataset);
		const preset = this.preset.baselines[ranks.model];
		const cold = "coldToken" in preset ? { coldToken: this.isColdStart || preset.coldToken } : {};
		const params = stageParams.baseline.parse({ ...preset, ...ranks.fixed, ...cold });
		const carries = carriesOver && this.isZeroShot && dataset.id === this.target.id;
		const source = carries ? this.baseline(this.origin, method) : undefined;
		return this.add("baseline", dataset, params, { split, source }, true);
	}

	titleEncoder(dataset: DatasetFacts): string {
		const params = this.preset.titleEncoder;
		const carries = this.isZeroShot && dataset.id === this.target.id && params.encoder === "lstm";
		const source = carries ? this.titleEncoder(this.origin) : undefined;
		return this.add("title-encoder", dataset, params, { split: this.split(dataset), source }, true);
	}

	/** Answers to the prompts `asked`, by a model trained on the prompts `learned`. */
	generate(learned: string, asked: string, forFusion: boolean): string {
		const { baseModel, fineTune, generate } = this.preset;
		// A pretrained model reads nothing of a dataset, and all of them share it.
		const base =
			baseModel.source === "scratch"
				? this.add("base-model", this.origin, baseModel, { split: this.split(this.origin), prompts: learned }, true)
				: this.add("base-model", this.origin, baseModel, {}, false);
		const tuned = this.add("fine-tune", this.origin, fineTune, { baseModel: base, prompts: learned }, false);
		const carried =
			this.isZeroShot && baseModel.source === "scratch"
				? this.add("base-model", this.target, { ...baseModel, source: "transfer" }, { source: base }, true)
				: base;
		const params = { ...generate, ...(!forFusion && { validPrompts: 0, likelihood: false }) };
		return this.add("generate", this.target, params, { baseModel: carried, fineTune: tuned, prompts: asked }, true);
	}

	/** CORE's item vectors. In the cold-start setting too they come from CORE as it stands: one training serves both. */
	idEncoder(): string {
		const core = this.add(
			"baseline",
			this.target,
			this.preset.baselines.core,
			{ split: this.split(this.target) },
			true,
		);
		return this.add("id-encoder", this.target, {}, { baseline: core }, false);
	}

	evaluate(
		source: StageParams<"evaluate">["source"],
		inputs: Record<string, string | undefined>,
		params: Partial<StageParams<"evaluate">> = {},
	): void {
		const examples = this.isColdStart ? ("cold" as const) : ("all" as const);
		const all = { ...this.preset.evaluate, fusion: null, examples, ...params, source };
		const needsDataset = source === "lists" || source === "fusion";
		this.add("evaluate", this.target, all, { split: this.split(this.target), ...inputs }, needsDataset);
	}
}

/**
 * The framework and what is made of its parts. Variants of retrieval alone differ in `evaluate` or `title-encoder` and
 * share all stages before, so that Table 3's eight rows take four fine-tunes.
 */
function planFramework(plan: Plan, method: Method, variant: Variant): void {
	const { preset, target, origin } = plan;
	const has = (id: Variant[number]) => variant.includes(id);
	const split = plan.split(target);
	const promptsOf = (dataset: DatasetFacts) => {
		const memory = preset.prompts.candidates ? plan.memory(dataset) : undefined;
		return plan.add("prompts", dataset, preset.prompts, { split: plan.split(dataset), memory }, true);
	};
	const prompts = promptsOf(target);
	// The full method answers what the re-ranker needs as well, so that ours and ours-plus share one generation.
	const forFusion = method === "ours-plus" || (!has("no-attributes") && !has("no-memory") && plan.isWholeLog);
	const generate = method === "ours-no-llm" ? undefined : plan.generate(promptsOf(origin), prompts, forFusion);
	const parse =
		generate === undefined
			? plan.add("parse", target, { from: "first-candidate" }, { prompts }, true)
			: plan.add("parse", target, { from: "generation" }, { generate, prompts }, true);
	const titleEncoder = plan.titleEncoder(target);
	// CORE knows its own catalogue's ids alone: zero-shot there is no id list, and the title list stands by itself.
	// Without the id embedding it must not order equal titles either.
	const idEncoder = plan.isZeroShot || has("no-id-embedding") ? undefined : plan.idEncoder();
	const retrieve = plan.add("retrieve", target, preset.retrieve, { split, parse, titleEncoder, idEncoder }, false);
	if (method !== "ours-plus" || generate === undefined) {
		plan.evaluate("lists", { retrieve, parse, prompts });
		return;
	}
	const { fusion } = preset;
	const core = fusion.lists.includes("core") ? plan.baseline(target, "core") : undefined;
	const inputs = { retrieve, parse, generate, memory: plan.memory(target), core };
	plan.evaluate("fusion", { ...inputs, prompts, reranker: rerankerOf(plan, inputs) }, { fusion });
}

/** The re-ranker that the fusion asks for, fitted on the validation examples; none for the other strategies. */
function rerankerOf(plan: Plan, inputs: Record<string, string | undefined>): string | undefined {
	const { fusion, evaluate } = plan.preset;
	if (fusion.strategy !== "reranker") return undefined;
	const { lists, poolLength } = fusion;
	const split = plan.split(plan.target);
	const pools = plan.add(
		"pools",
		plan.target,
		{ lists, poolLength, maskSeen: evaluate.maskSeen },
		{ split, ...inputs },
		true,
	);
	return plan.add("rerank", plan.target, {}, { pools }, false);
}
