import { type StageKind, stageParams } from "../contracts";
import type { ModelFacts } from "./model-facts";
import type { PlannedStage } from "./plan-run";
import { type MemoryQuestion, type Processor, stageMemory } from "./stage-memory";

/** A stage whose memory can be told: its parameters, and its base model's shape. */
export interface MemoryNeed {
	question: MemoryQuestion;
	model: ModelFacts;
}

/** What tells a stage's memory; null for a kind that has no estimate, or where the base model's shape is not known. */
export function memoryNeed(
	{ kind, params, inputs }: Pick<PlannedStage, "kind" | "params" | "inputs">,
	facts: ReadonlyMap<string, ModelFacts>,
	promptTokens: number,
): MemoryNeed | null {
	const model = facts.get(inputs.baseModel ?? "");
	if (model === undefined) return null;
	const question = questionOf(kind, params, promptTokens);
	return question && { question, model };
}

function questionOf(kind: StageKind, params: unknown, promptTokens: number): MemoryQuestion | null {
	if (kind === "fine-tune") return { kind, params: stageParams["fine-tune"].parse(params) };
	return kind === "generate" ? { kind, params: stageParams.generate.parse(params), promptTokens } : null;
}

/** Settings, the mildest first, with which a stage would need at most so many bytes; null where none are known. */
export function settingsThatFit({ question, model }: MemoryNeed, on: Processor, bytes: number): string | null {
	const fits = (tried: MemoryQuestion) => stageMemory(tried, model, on).total <= bytes;
	for (const { tried, said } of question.kind === "fine-tune" ? tuning(question) : answering(question)) {
		if (fits(tried)) return said.map((one) => `--set ${one}`).join(" ");
	}
	return null;
}

interface Try {
	tried: MemoryQuestion;
	said: string[];
}

function* tuning(question: Extract<MemoryQuestion, { kind: "fine-tune" }>): Generator<Try> {
	let { params } = question;
	const said: string[] = [];
	if (!params.gradientCheckpointing) {
		params = { ...params, gradientCheckpointing: true };
		said.push("fineTune.gradientCheckpointing=true");
		yield { tried: { ...question, params }, said };
	}
	if (params.quantization === "none") {
		params = { ...params, quantization: "nf4" };
		said.push("fineTune.quantization=nf4");
		yield { tried: { ...question, params }, said };
	}
	for (let batchSize = params.batchSize >> 1; batchSize > 0; batchSize >>= 1) {
		yield {
			tried: { ...question, params: { ...params, batchSize } },
			said: [...said, `fineTune.batchSize=${batchSize}`],
		};
	}
}

function* answering(question: Extract<MemoryQuestion, { kind: "generate" }>): Generator<Try> {
	for (const weights of new Set([question.params.weights, "nf4"] as const)) {
		const said = weights === question.params.weights ? [] : [`generate.weights=${weights}`];
		for (let batchSize = question.params.batchSize; batchSize > 0; batchSize >>= 1) {
			const params = { ...question.params, weights, batchSize };
			const smaller = batchSize === question.params.batchSize ? [] : [`generate.batchSize=${batchSize}`];
			yield { tried: { ...question, params }, said: [...said, ...smaller] };
		}
	}
}
