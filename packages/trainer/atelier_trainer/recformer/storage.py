"""A trained Recformer's files: weights, shape and tokenizer; and the pretrained start out of MiniLM."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file, load_model, save_model
from tokenizers import Tokenizer

from ..errors import BadData
from ..receipt import write_json
from ..spec import read_json
from .model import Recformer, Shape
from .text import Vocabulary

if TYPE_CHECKING:
    from .longformer import LongformerRecformer


def save(folder: Path, model: Recformer | LongformerRecformer, vocabulary: Vocabulary, query: bool) -> None:
    save_model(model, str(folder / "model.safetensors"))
    vocabulary.tokenizer.save(str(folder / "tokenizer.json"))
    document = {"model": "recformer", "query": query, "shape": asdict(model.shape)}
    if not isinstance(model, Recformer):
        document["longformer"] = model.longformer.config.to_dict()
    write_json(folder / "config.json", document)


def load(folder: Path) -> tuple[Recformer | LongformerRecformer, Vocabulary]:
    """Model and vocabulary of a finished stage; BadData where the folder holds another model."""
    config = read_json(folder / "config.json")
    if config.get("model") != "recformer":
        raise BadData(f"{folder / 'config.json'} is of {config.get('model')}, not of a Recformer")
    shape = Shape(**config["shape"])
    model = _longformer(config["longformer"], shape) if "longformer" in config else Recformer(shape)
    load_model(model, str(folder / "model.safetensors"))
    return model, Vocabulary(Tokenizer.from_file(str(folder / "tokenizer.json")))


def _longformer(config: dict[str, Any], shape: Shape) -> LongformerRecformer:
    from transformers import LongformerConfig

    from .longformer import LongformerRecformer

    return LongformerRecformer(LongformerConfig.from_dict(config), shape)


def start_from_minilm(max_items: int, max_tokens: int, dropout: float) -> tuple[Recformer, Vocabulary]:
    """MiniLM's words, positions and layers; token types and item positions are new, and start near nothing.

    MiniLM has 512 positions: sequences are cut there. Its one token type goes into every new one.
    """
    from ..encoders.minilm import minilm_folder

    folder = minilm_folder()
    config, weights = read_json(folder / "config.json"), load_file(folder / "model.safetensors")
    weights = {name.removeprefix("bert."): weight for name, weight in weights.items()}
    shape = Shape(
        vocabulary=config["vocab_size"],
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        inner=config["intermediate_size"],
        max_tokens=min(max_tokens, config["max_position_embeddings"]),
        max_items=max_items,
        dropout=dropout,
    )
    model = Recformer(shape)
    words = "embeddings.word_embeddings.weight"
    places = weights["embeddings.position_embeddings.weight"][: shape.max_tokens]
    state = {"tokens.weight": weights[words], "token_positions.weight": places}
    state |= _named("norm", "embeddings.LayerNorm", weights)
    for place in range(shape.layers):
        ours, theirs = f"layers.{place}", f"encoder.layer.{place}"
        state |= _named(f"{ours}.query", f"{theirs}.attention.self.query", weights)
        for part in ("weight", "bias"):
            halves = [weights[f"{theirs}.attention.self.{half}.{part}"] for half in ("key", "value")]
            state[f"{ours}.key_value.{part}"] = torch.cat(halves)
        state |= _named(f"{ours}.attention_out", f"{theirs}.attention.output.dense", weights)
        state |= _named(f"{ours}.attention_norm", f"{theirs}.attention.output.LayerNorm", weights)
        state |= _named(f"{ours}.inner_in", f"{theirs}.intermediate.dense", weights)
        state |= _named(f"{ours}.inner_out", f"{theirs}.output.dense", weights)
        state |= _named(f"{ours}.inner_norm", f"{theirs}.output.LayerNorm", weights)
    with torch.no_grad():
        new = {"types.weight": model.types.weight * 0.1 + weights["embeddings.token_type_embeddings.weight"][0]}
        new["item_positions.weight"] = model.item_positions.weight * 0.1
    model.load_state_dict(state | new)
    return model, Vocabulary(Tokenizer.from_file(str(folder / "tokenizer.json")))


def _named(ours: str, theirs: str, weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {f"{ours}.{part}": weights[f"{theirs}.{part}"] for part in ("weight", "bias")}
