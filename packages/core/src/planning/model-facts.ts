import { z } from "zod";

/** A causal language model's shape, by its config.json, as far as plans need it. */
export interface ModelFacts {
	/** `model_type`: falcon, llama, mistral, qwen2, … */
	family: string;
	layers: number;
	hidden: number;
	/** Rows of the embedding. */
	vocabulary: number;
	heads: number;
	/** Heads of keys and values. */
	groups: number;
	headSize: number;
	/** Width inside the MLP. */
	inner: number;
	/** Whether that MLP has a gate, as Llama's: three matrices in the place of two. */
	isGated: boolean;
	/** Whether the output head is the embedding. */
	isTied: boolean;
	/** Bytes of a stored weight. */
	storedBytes: number;
	/** Tokens that a row may have: its positions and, where attention has a window, that. */
	longest: number | null;
	/** Why prompts cannot share a row; null where they can. */
	packingProblem: string | null;
	isQuantised: boolean;
}

const count = z.int().positive();
const config = z.object({
	model_type: z.string(),
	vocab_size: count,
	hidden_size: count.optional(),
	num_hidden_layers: count.optional(),
	num_attention_heads: count.optional(),
	num_key_value_heads: count.nullish(),
	head_dim: count.nullish(),
	intermediate_size: count.nullish(),
	tie_word_embeddings: z.boolean().optional(),
	max_position_embeddings: count.nullish(),
	sliding_window: count.nullish(),
	use_sliding_window: z.boolean().nullish(),
	attn_logit_softcapping: z.number().nullish(),
	dtype: z.string().nullish(),
	torch_dtype: z.string().nullish(),
	quantization_config: z.unknown().optional(),
	/** Falcon's own names; the first ones of Falcon had others for the shape. */
	n_layer: count.optional(),
	n_head: count.optional(),
	alibi: z.boolean().optional(),
	multi_query: z.boolean().optional(),
	new_decoder_architecture: z.boolean().optional(),
	num_kv_heads: count.nullish(),
	ffn_hidden_size: count.nullish(),
});
type Config = z.infer<typeof config>;

/** What Falcon's configuration class has where the file says nothing. */
const FALCON_POSITIONS = 2048;

/** Facts of a config.json; null for one that is none of a causal model with layers of the usual shape. */
export function modelFacts(document: unknown): ModelFacts | null {
	const parsed = config.safeParse(document);
	if (!parsed.success) return null;
	const it = parsed.data;
	const isFalcon = it.model_type === "falcon";
	const [hidden, layers, heads] = [
		it.hidden_size,
		it.num_hidden_layers ?? it.n_layer,
		it.num_attention_heads ?? it.n_head,
	];
	const inner = isFalcon ? (it.ffn_hidden_size ?? 4 * (hidden ?? 0)) : it.intermediate_size;
	if (!hidden || !layers || !heads || !inner) return null;
	return {
		family: it.model_type,
		layers,
		hidden,
		vocabulary: it.vocab_size,
		heads,
		groups: isFalcon ? falconGroups(it, heads) : (it.num_key_value_heads ?? heads),
		headSize: it.head_dim ?? hidden / heads,
		inner,
		isGated: !isFalcon,
		isTied: it.tie_word_embeddings ?? isFalcon,
		storedBytes: (it.dtype ?? it.torch_dtype) === "float32" ? 4 : 2,
		longest: longestRow(it),
		packingProblem: packingProblem(it),
		isQuantised: it.quantization_config != null,
	};
}

function falconGroups(it: Config, heads: number): number {
	if (it.new_decoder_architecture) return it.num_kv_heads ?? heads;
	return (it.multi_query ?? true) ? 1 : heads;
}

function longestRow(it: Config): number | null {
	const positions = it.max_position_embeddings ?? (it.model_type === "falcon" ? FALCON_POSITIONS : undefined);
	const window = it.use_sliding_window === false ? undefined : (it.sliding_window ?? undefined);
	const limits = [positions, window].filter((limit) => limit !== undefined);
	return limits.length > 0 ? Math.min(...limits) : null;
}

/** As packages/trainer/atelier_trainer/llm/base/limits.py has it. */
function packingProblem(it: Config): string | null {
	if (it.alibi) return "that needs rotary positions, and it has ALiBi";
	if (it.attn_logit_softcapping != null) return "its attention scores are capped, and packed ones are not";
	return null;
}
