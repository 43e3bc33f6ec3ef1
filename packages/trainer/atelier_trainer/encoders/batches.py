"""Encoding texts with a pretrained transformer, in batches of like length."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from ..device import has_fast_bfloat16
from . import Progress

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@torch.inference_mode()
def encode_in_batches(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    pooled: Callable[[Any, Tensor], Tensor],
    texts: Sequence[str],
    *,
    size: int,
    max_tokens: int,
    progress: Progress,
    batch_size: int = 128,
) -> np.ndarray:
    """Unit vectors `(texts, size)`; texts longer than `max_tokens` are cut there. Texts of the same tokens are encoded
    once, so that their vectors are equal to the last bit.

    Args:
        pooled: vectors `(batch, size)` of the model's output and the attention mask `(batch, length)`.
    """
    if not len(texts):
        return np.empty((0, size), np.float32)
    # What reads like a special token in a text is spelled out.
    tokens = tokenizer(list(texts), truncation=True, max_length=max_tokens, split_special_tokens=True)["input_ids"]
    encoded, place = distinct(tokens)
    vectors = np.empty((len(encoded), size), np.float32)
    order = np.argsort([-len(tokens) for tokens in encoded], kind="stable")
    device = model.device
    fast = torch.autocast(device.type, torch.bfloat16) if has_fast_bfloat16(device) else contextlib.nullcontext()
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        batch = tokenizer.pad({"input_ids": [encoded[row] for row in rows]}, return_tensors="pt").to(device)
        with fast:
            output = model(**batch)
        found = pooled(output, batch["attention_mask"]).float()
        vectors[rows] = torch.nn.functional.normalize(found, dim=1).cpu().numpy()
        progress(min(start + batch_size, len(order)), len(order))
    return vectors[place]


def distinct(rows: Sequence[Sequence[int]]) -> tuple[list[list[int]], np.ndarray]:
    """The distinct rows of tokens, in the order in which they first come, and for every row the place of its own."""
    places: dict[tuple[int, ...], int] = {}
    place = np.array([places.setdefault(tuple(row), len(places)) for row in rows], np.int64)
    return [list(row) for row in places], place
