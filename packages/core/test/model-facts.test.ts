import { describe, expect, it } from "vitest";
import { AppError, modelFacts, refuseUnfitModels, stageMemory, stageParams } from "../src";

/** The config.json of the models that presets and people name, as far as it says their shape. */
const FALCON_7B = {
	model_type: "falcon",
	vocab_size: 65024,
	hidden_size: 4544,
	num_hidden_layers: 32,
	num_attention_heads: 71,
	multi_query: true,
	new_decoder_architecture: false,
	alibi: false,
	parallel_attn: true,
	torch_dtype: "bfloat16",
};
const MISTRAL_7B = {
	model_type: "mistral",
	vocab_size: 32000,
	hidden_size: 4096,
	intermediate_size: 14336,
	num_hidden_layers: 32,
	num_attention_heads: 32,
	num_key_value_heads: 8,
	max_position_embeddings: 32768,
	sliding_window: 4096,
	tie_word_embeddings: false,
	torch_dtype: "bfloat16",
};
const QWEN = { ...MISTRAL_7B, model_type: "qwen2", use_sliding_window: false, tie_word_embeddings: true };

const tuning = (changes: Record<string, unknown> = {}) =>
	stageParams["fine-tune"].parse({
		...{ loraRank: 16, loraAlpha: 16, loraDropout: 0.05, epochs: 1, hardEpochs: 3, hardShare: 0.2, batchSize: 16 },
		...{ learningRate: 0.00002, maxTokens: 1024, idWeight: 1, idWeightAbsent: 1, frozenShare: 0, quantization: "nf4" },
		...{ gradientCheckpointing: true, packing: true, ...changes },
	});

function factsOf(config: object) {
	const facts = modelFacts(config);
	if (facts === null) throw new Error("no facts");
	return facts;
}

describe("modelFacts", () => {
	it("tells a Falcon's shape where its file names it and where its family does", () => {
		expect(modelFacts(FALCON_7B)).toMatchObject({
			layers: 32,
			groups: 1,
			headSize: 64,
			inner: 18176,
			isTied: true,
			longest: 2048,
		});
		const old = { model_type: "falcon", vocab_size: 65024, hidden_size: 4544, n_layer: 32, n_head: 71, alibi: true };
		expect(modelFacts(old)).toMatchObject({ layers: 32, heads: 71, packingProblem: expect.stringContaining("ALiBi") });
	});

	it("takes an attention window for the longest row only where the model uses it", () => {
		expect(factsOf(MISTRAL_7B).longest).toBe(4096);
		expect(factsOf(QWEN).longest).toBe(32768);
	});

	it("knows nothing of what is no causal model of the usual shape", () => {
		for (const strange of [null, [], {}, { model_type: "mamba", vocab_size: 50280 }, { ...QWEN, hidden_size: -1 }]) {
			expect(modelFacts(strange)).toBeNull();
		}
	});
});

describe("refuseUnfitModels", () => {
	const refusal = (config: object, changes: Record<string, unknown>) => {
		const stage = { kind: "fine-tune" as const, params: tuning(changes), inputs: { baseModel: "base" } };
		const bases = new Map([["base", { params: { model: "someone/model" } }]]);
		try {
			refuseUnfitModels([stage], bases, new Map([["base", factsOf(config)]]));
			return null;
		} catch (error) {
			return error instanceof AppError ? error.message : error;
		}
	};

	it("says what a model cannot do and what to set", () => {
		expect(refusal({ ...FALCON_7B, alibi: true }, {})).toBe(
			"someone/model cannot be packed: that needs rotary positions, and it has ALiBi. Set fineTune.packing to false.",
		);
		expect(refusal({ ...FALCON_7B, alibi: true }, { packing: false })).toBeNull();
		expect(refusal({ ...QWEN, attn_logit_softcapping: 50 }, {})).toMatch(/scores are capped/);
		expect(refusal({ ...MISTRAL_7B, sliding_window: 512 }, {})).toMatch(/at most 512 tokens.*maxTokens is 1024/);
		expect(refusal({ ...QWEN, quantization_config: {} }, {})).toMatch(/quantised already/);
	});

	it("lets the families pass with the parameters of the paper", () => {
		for (const config of [FALCON_7B, MISTRAL_7B, QWEN]) expect(refusal(config, {})).toBeNull();
	});
});

describe("stageMemory", () => {
	const gpu = { isGpu: true, hasBfloat16: true };
	const needs = (changes: Record<string, unknown> = {}) =>
		stageMemory({ kind: "fine-tune", params: tuning(changes) }, factsOf(FALCON_7B), gpu);

	it("counts Falcon-7b's weights: 3.9 GB with its layers in four bits, 13.8 GB in bfloat16", () => {
		expect(needs().weights / 1e9).toBeCloseTo(3.98, 1);
		expect(needs({ quantization: "none" }).weights / 1e9).toBeCloseTo(13.8, 1);
	});

	it("needs less with what saves memory, and its parts are the whole", () => {
		const { total, libraries, weights, trained, activations } = needs();
		expect(total).toBe(libraries + weights + trained + activations);
		expect(needs({ gradientCheckpointing: false }).total).toBeGreaterThan(2 * total);
		expect(needs({ batchSize: 8 }).activations).toBeCloseTo(activations / 2, -9);
		expect(needs({ frozenShare: 0.5 }).trained).toBe(trained / 2);
		const large = stageMemory({ kind: "fine-tune", params: tuning() }, factsOf(FALCON_7B), {
			...gpu,
			hasBfloat16: false,
		});
		expect(large.activations).toBe(2 * activations);
	});

	it("counts what an answer keeps of what was read", () => {
		const params = stageParams.generate.parse({
			...{ decoding: "sampled", maxNewTokens: 64, temperature: 0.05, topP: 0.95, batchSize: 32, validPrompts: 0 },
			likelihood: true,
		});
		const ask = (batchSize: number) =>
			stageMemory({ kind: "generate", params: { ...params, batchSize }, promptTokens: 1024 }, factsOf(QWEN), gpu);
		expect(ask(64).activations).toBe(2 * ask(32).activations);
		expect(ask(32).trained).toBe(0);
	});
});
