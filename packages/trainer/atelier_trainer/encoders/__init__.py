"""Text encoders: what turns queries and titles into vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch

from ..errors import BadSpec

Progress = Callable[[int, int], None]
"""Told `(done, total)` texts after each batch."""


def no_progress(done: int, total: int) -> None:
    """Nobody is told."""


class TextEncoder(Protocol):
    def encode(self, texts: Sequence[str], progress: Progress = no_progress) -> np.ndarray:
        """`(texts, size)` float32, each row of length 1."""
        ...


def load_pretrained(encoder: str, model: str | None, device: torch.device, resolved: str | None = None) -> TextEncoder:
    """A generic encoder: `minilm`, or `clip` with its hub id or folder in `model`.

    Args:
        resolved: what that stood for when the run was launched

    Raises:
        BadSpec: it is another encoder, or stands for something else by now.
    """
    if encoder == "minilm":
        from .minilm import load_minilm

        return load_minilm(device, resolved)
    if encoder == "clip":
        from .clip import load_clip

        return load_clip(model, device, resolved)
    raise BadSpec(f"encoder {encoder} is not one that comes pretrained; those are minilm and clip")


def load_query_encoder(
    encoder: str,
    model: str | None,
    title_encoder: Path | None,
    device: torch.device,
    resolved: str | None = None,
) -> TextEncoder:
    """The encoder of encode-queries: `title` is the trained one of a title-encoder stage's folder."""
    if encoder != "title":
        return load_pretrained(encoder, model, device, resolved)
    from .title import load_title_encoder

    if title_encoder is None:
        raise BadSpec("inputs.titleEncoder is missing; the encoder title needs it")
    return load_title_encoder(title_encoder, device)
