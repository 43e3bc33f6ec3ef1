"""The text tower of a CLIP model (Radford et al., 2021): queries of the memory, and the variant with generic titles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from ..errors import BadSpec
from ..llm.base.identity import identity, model_files
from . import Progress, no_progress
from .batches import encode_in_batches

if TYPE_CHECKING:
    from transformers import CLIPTextModelWithProjection, PreTrainedTokenizerBase


class Clip:
    """A `TextEncoder`; texts longer than the model's positions (77 tokens, the two marks included) are cut there."""

    def __init__(self, model: CLIPTextModelWithProjection, tokenizer: PreTrainedTokenizerBase):
        self.model = model.eval()
        self.tokenizer = tokenizer

    def encode(self, texts: Sequence[str], progress: Progress = no_progress) -> np.ndarray:
        """Unit vectors `(texts, projection size)`."""
        config = self.model.config
        return encode_in_batches(
            self.model,
            self.tokenizer,
            _projected,
            texts,
            size=config.projection_dim,
            max_tokens=config.max_position_embeddings,
            progress=progress,
        )


def _projected(output: Any, mask: Tensor) -> Tensor:
    return output.text_embeds


def load_clip(model: str | None, device: torch.device, resolved: str | None = None) -> Clip:
    """The text tower and tokenizer of a folder or hub id, weights from safetensors alone.

    Raises:
        BadSpec: no model is named, or it is neither here nor to be had from the hub.
    """
    from transformers import AutoTokenizer, CLIPTextModelWithProjection
    from transformers.utils import logging

    if model is None:
        raise BadSpec("encoder clip needs params.model: a hub id or the folder of a CLIP model")
    logging.disable_progress_bar()
    local = Path(model).is_dir()
    if local and resolved is not None and identity(model_files(Path(model))) != resolved:
        raise BadSpec(f"the model folder {model} holds other files than when this was launched; launch again")
    revision = None if local else resolved
    try:
        tokenizer = AutoTokenizer.from_pretrained(model, local_files_only=local, revision=revision)
        tower = CLIPTextModelWithProjection.from_pretrained(
            model, local_files_only=local, revision=revision, use_safetensors=True, dtype=torch.float32
        )
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if local:
            raise BadSpec(f"the folder {model} holds no CLIP model that transformers can read: {reason}") from error
        raise BadSpec(
            f"the CLIP model {model} is no folder here and could not be had from the hub ({reason}); "
            "on a machine without a network give the folder of a downloaded model"
        ) from error
    return Clip(tower.to(device), tokenizer)
