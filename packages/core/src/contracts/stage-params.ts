import { z } from "zod";
import { baselineParams } from "./baseline-params";
import { multiple } from "./multiple";

/**
 * Parameters of every stage kind. They are part of a stage's key, so two runs that say the same share the stage.
 * Unknown names are refused. Names are camelCase on both sides of the contract.
 */
const count = z.int().positive();
const share = z.number().min(0).max(1);

export const splitParams = z.strictObject({
	/**
	 * `leave-one-out`: the paper's, by place in each user's sequence. `by-time`: validation and test are purchases in the
	 * last fifth and tenth of the log's purchases, and training holds nothing later than the first of them.
	 */
	protocol: z.enum(["leave-one-out", "by-time"]),
	/**
	 * What is predicted. `purchase` is the paper's. `click`, for logs without purchases: the last click, and a click on
	 * the item of the click right before it is dropped.
	 */
	target: z.enum(["purchase", "click"]).default("purchase"),
	/** Seeded share of the users' training sequences that is kept (the paper's low-resource setting). */
	trainRatio: share.default(1),
});

/**
 * What `model` stood for when the run was launched, where it is from elsewhere: a commit of the hub, `sha256:…` over a
 * folder's files, a package's version. Nobody sets it by hand.
 */
const resolved = z.string().optional();

export const encodeQueriesParams = z.strictObject({
	/** `title` is the run's own trained title encoder; `clip` is the text tower of the CLIP at `model`. */
	encoder: z.enum(["minilm", "clip", "title"]),
	/** `clip`: hub id or folder; null for the others. */
	model: z.string().nullable(),
	/** Nearest queries stored for each query; more than Q, since some have no listing yet at an example's time. */
	neighbours: count,
	resolved,
});

export const memoryParams = z.strictObject({
	/** Q: nearest queries whose listings are merged. */
	queries: count,
	/** V: products offered as candidates in a prompt. */
	products: count,
	/** Length of the stored ranking (the `memory` control ranks by it). */
	listLength: count,
});

export const promptsParams = z.strictObject({
	template: z.enum(["paper-1", "compact-1", "compact-2"]),
	/**
	 * How an id is written. `plain`: the catalogue's number (paper). `family`: product family and variant. `letter`: the
	 * candidate's label, so that only candidates can be answered. The last two are ours, not the paper's.
	 */
	idForm: z.enum(["plain", "family", "letter"]),
	attributes: z.boolean(),
	candidates: z.boolean(),
	/** At most this many training prompts, those of the latest purchases (any where there are no times). */
	trainPrompts: count,
	/** V again: how many of the memory's products stand in the prompt. */
	products: count,
	/** Events of the history that are written at most, the newest. */
	maxEvents: count,
	/** Budget of the prompt, estimated as characters / `charsPerToken`; the oldest interactions go first. */
	maxTokens: count,
	charsPerToken: z.number().positive(),
});

/** Falcon turns the two halves of each head against each other. */
const evenHeads = multiple({ field: "hiddenSize", of: "heads", times: 2, when: { source: "scratch" } });

export const baseModelParams = z
	.strictObject({
		/** `transfer` takes the model of the input `source` to this dataset's ids, without training (zero-shot). */
		source: z.enum(["scratch", "path", "hub", "package", "transfer"]),
		/**
		 * `path`: a folder with config.json, safetensors (or one GGUF file) and tokenizer files. `hub`: a model id.
		 * `package`: a model inside a pip package, `smollm2`. Null for the others.
		 */
		model: z.string().nullable(),
		/** `hub`: branch, tag or commit; null for what `main` is. A launch turns it into the commit that it stands for. */
		revision: z.string().nullable().default(null),
		/** `scratch`: shape of the small Falcon and of its pre-training on catalogue and training prompts; others ignore it. */
		vocabularySize: count,
		hiddenSize: count,
		layers: count,
		heads: count,
		epochs: z.number().positive(),
		batchSize: count,
		learningRate: z.number().positive(),
		resolved,
	})
	.check(evenHeads.check)
	.meta(evenHeads.meta);

export const fineTuneParams = z.strictObject({
	loraRank: count,
	loraAlpha: count,
	loraDropout: share,
	/** Passes over all prompts, then passes over the hard share until `hardEpochs` in all. */
	epochs: count,
	hardEpochs: count,
	hardShare: share,
	batchSize: count,
	learningRate: z.number().positive(),
	maxTokens: count,
	/** Weight of the id tokens' loss where the target is, and where it is not, among the candidates. */
	idWeight: z.number().nonnegative(),
	idWeightAbsent: z.number().nonnegative(),
	/**
	 * Weight of what can be copied out of the prompt where the target is no candidate: the id, or its family's tokens
	 * where the prompt shows the family alone. As `idWeightAbsent` where it is not given.
	 */
	idWeightShown: z.number().nonnegative().optional(),
	/** Share of the layers, from the lowest, that get no adapter: nothing is propagated back through them. */
	frozenShare: share,
	/** `nf4`: QLoRA (Dettmers et al. 2023), the weights of all linear layers held in four bits; on a CPU too. */
	quantization: z.enum(["none", "nf4"]),
	gradientCheckpointing: z.boolean(),
	/** Several prompts in one row, none of which sees another; otherwise rows of similar length are padded. */
	packing: z.boolean(),
});

export const generateParams = z.strictObject({
	decoding: z.enum(["constrained", "greedy", "sampled"]),
	maxNewTokens: count,
	temperature: z.number().positive(),
	topP: share,
	batchSize: count,
	/** Validation prompts that are answered too, for the re-ranker of `ours-plus`; 0 for none. */
	validPrompts: z.int().nonnegative(),
	/** Whether the log-likelihood of every candidate of a prompt is stored, as id alone. */
	likelihood: z.boolean(),
	/**
	 * What answers are made with, whatever the adapter was trained with. `full`: the stored weights, the adapter merged
	 * into them. `nf4`: weights in four bits, the adapter beside them.
	 */
	weights: z.enum(["full", "nf4"]).default("full"),
	/** What answers. `auto`: vLLM on CUDA where it is installed, else transformers; the receipt's environment says which. */
	engine: z.enum(["auto", "transformers", "vllm"]).default("auto"),
});

export const parseParams = z.strictObject({
	/** `first-candidate` puts the memory's first product in the place of a generation (the control `ours-no-llm`). */
	from: z.enum(["generation", "first-candidate"]),
});

export const titleEncoderParams = z.strictObject({
	/** `lstm` is trained here; `minilm` and `clip` are generic pretrained encoders, used as they are. */
	encoder: z.enum(["lstm", "minilm", "clip"]),
	/** `clip`: hub id or folder; null for the others. */
	model: z.string().nullable(),
	vocabularySize: count,
	hiddenSize: count,
	epochs: count,
	batchSize: count,
	learningRate: z.number().positive(),
	margin: z.number().positive(),
	resolved,
});

export const idEncoderParams = z.strictObject({});

export const retrieveParams = z.strictObject({ listLength: count });

/** `ours-plus`, beyond the paper: one ranking out of stored lists and likelihoods. */
export const fusionParams = z.strictObject({
	/**
	 * `rrf`: reciprocal-rank fusion (Cormack et al. 2009). `likelihood`: the model's likelihood over the candidates, then
	 * the fused order. `reranker`: a linear model over the lists' ranks and likelihoods, fitted on validation examples.
	 */
	strategy: z.enum(["rrf", "likelihood", "reranker"]),
	/** `query`: the title encoder's list for the last query; `core`: CORE's ranking of the history. */
	lists: z.array(z.enum(["memory", "id", "title", "query", "core"])).min(1),
	rrfConstant: z.number().positive(),
	/** Items taken from the head of each list into the pool that is re-ranked. */
	poolLength: count,
});

/** Pools of the validation examples that have a generation, with what a re-ranker may know of each item. */
export const poolsParams = z.strictObject({
	lists: fusionParams.shape.lists,
	poolLength: fusionParams.shape.poolLength,
	maskSeen: z.boolean(),
});

/** Fits the linear model of `fusion`'s strategy `reranker` to pools. */
export const rerankParams = z.strictObject({});

/** Ranks that were made elsewhere, as their import has checked them. */
export const outsideParams = z.strictObject({
	/** SHA-256 over every shopper's rank, list and scores, in hex: however the file was written, the same ranks are the same. */
	content: z.string().regex(/^[0-9a-f]{64}$/),
	/** What a reader of the figures has to know of the file. */
	warnings: z.array(z.string()),
});

export const evaluateParams = z.strictObject({
	source: z.enum(["baseline", "memory", "lists", "fusion", "outside"]),
	/** `cold`: only test examples whose ground truth no training event holds (the paper's cold-start setting). */
	examples: z.enum(["all", "cold"]),
	k: count,
	/** Mixup: positions 1..n from the id list, the rest from the title list. */
	n: z.int().nonnegative(),
	/** `distinct`: the title list goes on until K distinct items stand; `literal`: its positions n+1..K as they are. */
	mixup: z.enum(["distinct", "literal"]),
	maskSeen: z.boolean(),
	bootstrapSamples: count,
	/** How `fusion` ranks; null for the other sources. */
	fusion: fusionParams.nullable(),
});

export const stageParams = {
	split: splitParams,
	"encode-queries": encodeQueriesParams,
	memory: memoryParams,
	prompts: promptsParams,
	"base-model": baseModelParams,
	"fine-tune": fineTuneParams,
	generate: generateParams,
	parse: parseParams,
	"title-encoder": titleEncoderParams,
	"id-encoder": idEncoderParams,
	retrieve: retrieveParams,
	pools: poolsParams,
	rerank: rerankParams,
	baseline: baselineParams,
	outside: outsideParams,
	evaluate: evaluateParams,
} as const;

export type StageKind = keyof typeof stageParams;
export type StageParams<K extends StageKind> = z.infer<(typeof stageParams)[K]>;
