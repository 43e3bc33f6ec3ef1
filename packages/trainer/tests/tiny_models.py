"""A tiny random model of each family that bases come from, with a tokenizer of the family's kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

if TYPE_CHECKING:
    from transformers import PretrainedConfig

VOCABULARY = 420
# Beside the tokens: a checkpoint's embedding is often larger than its tokenizer.
SPARE = 28


def byte_level(split: list[pre_tokenizers.PreTokenizer], special: list[str], nfc: bool = False) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC() if nfc else None
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [*split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.special = special
    return tokenizer


def falcon_tokenizer() -> Tokenizer:
    """Punctuation apart, digits in threes."""
    threes = pre_tokenizers.Split(Regex("[0-9][0-9][0-9]"), "isolated")
    words = pre_tokenizers.Split(Regex(r" ?\p{L}+| ?\p{N}+|\s+"), "isolated")
    return byte_level([pre_tokenizers.Punctuation("contiguous"), words, threes], ["<|endoftext|>"])


def qwen_tokenizer() -> Tokenizer:
    """Every digit alone, no token for a beginning."""
    words = pre_tokenizers.Split(
        Regex(r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s+(?!\S)|\s+"), "isolated"
    )
    return byte_level([words], ["<|endoftext|>", "<|im_start|>", "<|im_end|>"], nfc=True)


def sentence_piece() -> Tokenizer:
    """As SentencePiece's: a space before the text, whatever is unknown as bytes."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.special = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    return tokenizer


def falcon_config(**changes: object) -> PretrainedConfig:
    """Falcon-7b's: one head of keys and values, attention beside the MLP, no biases."""
    from transformers import FalconConfig

    shape = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "multi_query": True, "bias": False}
    return FalconConfig(**shape | {"alibi": False, "parallel_attn": True, "tie_word_embeddings": True} | changes)


def gated(**changes: object) -> dict[str, object]:
    sizes = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4}
    return sizes | {"num_key_value_heads": 2, "max_position_embeddings": 1024} | changes


def llama_config(**changes: object) -> PretrainedConfig:
    from transformers import LlamaConfig

    return LlamaConfig(**gated(**changes))


def qwen2_config(**changes: object) -> PretrainedConfig:
    from transformers import Qwen2Config

    return Qwen2Config(**gated(tie_word_embeddings=True, **changes))


def qwen3_config(**changes: object) -> PretrainedConfig:
    from transformers import Qwen3Config

    return Qwen3Config(**gated(head_dim=32, **changes))


def mistral_config(**changes: object) -> PretrainedConfig:
    from transformers import MistralConfig

    return MistralConfig(**gated(**{"sliding_window": 512} | changes))


FAMILIES: dict[str, tuple[Callable[..., PretrainedConfig], Callable[[], Tokenizer], str, str]] = {
    "falcon": (falcon_config, falcon_tokenizer, "PreTrainedTokenizerFast", "<|endoftext|>"),
    "llama": (llama_config, sentence_piece, "LlamaTokenizer", "</s>"),
    "qwen2": (qwen2_config, qwen_tokenizer, "Qwen2Tokenizer", "<|im_end|>"),
    "qwen3": (qwen3_config, qwen_tokenizer, "Qwen2Tokenizer", "<|im_end|>"),
    "mistral": (mistral_config, sentence_piece, "LlamaTokenizer", "</s>"),
}


def write_model(folder: Path, family: str, texts: Iterable[str], spare: int = SPARE, **changes: object) -> Path:
    """A folder as a hub's: config, safetensors, tokenizer learned from `texts`."""
    from transformers import AutoModelForCausalLM

    make_config, make_tokenizer, kind, end = FAMILIES[family]
    folder.mkdir(parents=True)
    tokenizer = make_tokenizer()
    bytes_first = [] if "<unk>" in tokenizer.special else pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=tokenizer.special, initial_alphabet=bytes_first, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    document = json.loads(tokenizer.to_str())
    # The bytes are pieces, and no marks of their own.
    document["added_tokens"] = [token for token in document["added_tokens"] if not token["content"].startswith("<0x")]
    (folder / "tokenizer.json").write_text(json.dumps(document))
    marks = {"tokenizer_class": kind, "eos_token": end}
    marks |= {"bos_token": "<s>", "unk_token": "<unk>"} if end == "</s>" else {}
    (folder / "tokenizer_config.json").write_text(json.dumps(marks))
    torch.manual_seed(3)
    identity = {"eos_token_id": tokenizer.token_to_id(end), "bos_token_id": tokenizer.token_to_id("<s>")}
    config = make_config(vocab_size=tokenizer.get_vocab_size() + spare, **identity | changes)
    model = AutoModelForCausalLM.from_config(config)
    model.save_pretrained(folder, safe_serialization=True)
    return folder


def prompt_texts(inputs: dict[str, str]) -> list[str]:
    """Prompts and responses of a prompts folder."""
    table = pq.read_table(Path(inputs["prompts"]) / "prompts.parquet").to_pydict()
    return [*table["prompt"], *table["response"]]
