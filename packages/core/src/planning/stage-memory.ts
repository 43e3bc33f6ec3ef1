import type { StageParams } from "../contracts";
import type { ModelFacts } from "./model-facts";

/** Bytes that a stage needs at its peak, on the device that it runs on. */
export interface StageMemory {
	/** The process with its libraries; on a GPU, its context and kernels. */
	libraries: number;
	weights: number;
	/** What is trained: weights, gradients and the two moments of AdamW. */
	trained: number;
	/** What a step keeps for its backward pass, or an answer keeps of what was read. */
	activations: number;
	total: number;
}

/** Where a stage would run. */
export interface Processor {
	isGpu: boolean;
	/** Whether it multiplies bfloat16 itself: then large models are held in it. */
	hasBfloat16: boolean;
}

/** A stage's parameters, with the prompts' greatest length where the stage reads prompts. */
export type MemoryQuestion =
	| { kind: "fine-tune"; params: StageParams<"fine-tune"> }
	| { kind: "generate"; params: StageParams<"generate">; promptTokens: number };

/** Python with torch, transformers and PEFT; a CUDA context with their kernels. */
const CPU_LIBRARIES = 0.45e9;
const GPU_LIBRARIES = 0.6e9;
/** As LARGE_MODEL_BYTES of packages/trainer/atelier_trainer/llm/base/loading.py. */
const LARGE_MODEL_BYTES = 2e8;
/** Half a byte, a scale of a byte for 64 weights, and a float for 256 scales. */
const NF4_BYTES = 0.5 + 1 / 64 + 4 / (64 * 256);
/** Weight, gradient and two moments, in float32. */
const TRAINED_BYTES = 16;
/** Tokens of an id, a title and the marks around them: the only ones whose loss counts. */
const RESPONSE_TOKENS = 48;
/** As TOKENS_AT_ONCE of packages/trainer/atelier_trainer/llm/answering/packed_reader.py. */
const READ_AT_ONCE = 2048;

/**
 * What a stage needs, of a model with these facts, when all rows are as long as they may be. bench/memory.py compares it
 * with peaks on a CPU; bench/README.md says with how many that was done.
 */
export function stageMemory(question: MemoryQuestion, model: ModelFacts, on: Processor): StageMemory {
	const shape = shapeOf(model, on);
	switch (question.kind) {
		case "fine-tune":
			return fineTuneMemory(question.params, model, shape, on);
		case "generate":
			return generateMemory(question.params, question.promptTokens, model, shape, on);
	}
}

interface Shape {
	/** Weights of one layer's linear layers, and of embedding and head. */
	layer: number;
	embeddings: number;
	/** Inputs and outputs of one layer's linear layers together: each has an adapter of so many rows and columns. */
	widths: number;
	/** Width of all heads of queries, and of keys. */
	queries: number;
	keys: number;
	/** Bytes of a number as it is held. */
	bytes: number;
}

function shapeOf({ hidden, inner, heads, groups, headSize, vocabulary, ...model }: ModelFacts, on: Processor): Shape {
	const [queries, keys] = [heads * headSize, groups * headSize];
	const matrices = model.isGated ? 3 : 2;
	const layer = hidden * (2 * queries + 2 * keys) + matrices * hidden * inner;
	const embeddings = vocabulary * hidden * (model.isTied ? 1 : 2);
	const stored = (layer * model.layers + embeddings) * model.storedBytes;
	// Falcon's queries, keys and values are one layer; Llama's are three, each with an adapter of its own.
	const projections = model.isGated ? 3 * hidden + queries + 2 * keys : hidden + queries + 2 * keys;
	return {
		layer,
		embeddings,
		widths: projections + queries + hidden + matrices * (hidden + inner),
		queries,
		keys,
		bytes: stored >= LARGE_MODEL_BYTES && on.hasBfloat16 ? 2 : 4,
	};
}

function heldWeights(model: ModelFacts, shape: Shape, isNf4: boolean): number {
	return model.layers * shape.layer * (isNf4 ? NF4_BYTES : shape.bytes) + shape.embeddings * shape.bytes;
}

function fineTuneMemory(params: StageParams<"fine-tune">, model: ModelFacts, shape: Shape, on: Processor): StageMemory {
	const tokens = params.batchSize * params.maxTokens;
	const adapted = model.layers - Math.round(model.layers * params.frozenShare);
	const scores = on.isGpu ? 0 : model.heads * params.batchSize * params.maxTokens ** 2;
	const ofLayer = tokens * keptOfToken(params, model, shape) + scores * scoresKept(model);
	// A layer that is run again keeps what it keeps while the gradients go through it, and its input until then.
	const kept = params.gradientCheckpointing ? adapted * tokens * model.hidden + ofLayer : adapted * ofLayer;
	const passing = tokens * (3 * model.inner) + 2 * (params.packing ? scores / params.batchSize : scores);
	const logits = 4 * params.batchSize * RESPONSE_TOKENS * model.vocabulary;
	return sum({
		libraries: on.isGpu ? GPU_LIBRARIES : CPU_LIBRARIES,
		weights: heldWeights(model, shape, params.quantization === "nf4"),
		trained: adapted * shape.widths * params.loraRank * TRAINED_BYTES,
		activations: (kept + Math.max(passing, logits)) * shape.bytes,
	});
}

/**
 * How many tensors of attention scores one layer keeps for its backward pass on a CPU. Falcon's many heads of queries
 * share one of keys, which PyTorch's fused kernel does not take: scores, masked scores and shares are all kept.
 */
const scoresKept = ({ family }: ModelFacts): number => (family === "falcon" ? 3 : 1);

/** Numbers that one token's way through an adapted layer leaves for the backward pass. */
function keptOfToken({ loraDropout }: StageParams<"fine-tune">, model: ModelFacts, { queries, keys }: Shape): number {
	const { hidden, inner } = model;
	// With dropout each adapter keeps its own input; without it those of the same input share it.
	const isOwn = loraDropout > 0;
	if (!model.isGated) {
		const inputs = isOwn ? 2 * hidden + queries + inner : hidden + queries + inner;
		return hidden + inputs + queries + 2 * keys + inner;
	}
	const inputs = isOwn ? 5 * hidden + queries + inner : 2 * hidden + queries + inner;
	return 2 * hidden + inputs + queries + 2 * keys + 3 * inner;
}

function generateMemory(
	params: StageParams<"generate">,
	promptTokens: number,
	model: ModelFacts,
	shape: Shape,
	on: Processor,
): StageMemory {
	const length = promptTokens + params.maxNewTokens;
	const memory = 2 * model.layers * shape.keys * params.batchSize * length;
	const isLean = !on.isGpu && model.family === "llama" && params.weights === "full";
	const read = isLean ? READ_AT_ONCE : params.batchSize * promptTokens;
	const passing = read * (3 * model.inner + 2 * shape.queries + 3 * model.hidden);
	// Of all rows at once, before and after the shares are taken; the fused kernel of the others holds none.
	const scores = model.family === "falcon" && !on.isGpu ? 2 * model.heads * params.batchSize * promptTokens ** 2 : 0;
	const weights = heldWeights(model, shape, params.weights === "nf4");
	// The lean layers hold queries, keys and values a second time, and in bfloat16 all of a layer.
	const again = isLean
		? model.layers * (shape.bytes === 2 ? shape.layer : model.hidden * (shape.queries + 2 * shape.keys))
		: 0;
	return sum({
		libraries: on.isGpu ? GPU_LIBRARIES : CPU_LIBRARIES,
		weights: weights + again * shape.bytes,
		trained: 0,
		// A memory grows by a copy.
		activations: (2 * memory + passing + scores) * shape.bytes,
	});
}

function sum(parts: Omit<StageMemory, "total">): StageMemory {
	return { ...parts, total: parts.libraries + parts.weights + parts.trained + parts.activations };
}
