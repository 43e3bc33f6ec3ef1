"""Running a causal language model: states after a shared prefix, logits only where they are needed."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from ...device import has_fast_bfloat16

if TYPE_CHECKING:
    from transformers import PreTrainedModel


def autocast(model: PreTrainedModel) -> AbstractContextManager:
    """bfloat16 products where the hardware has them, also of the float32 adapters on a bfloat16 model."""
    device = model.device
    enabled = model.dtype in (torch.float32, torch.bfloat16) and has_fast_bfloat16(device)
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=enabled)


def decoder(model: PreTrainedModel) -> nn.Module:
    """The layers under the output head, as every causal model of transformers names them."""
    return getattr(model, model.base_model_prefix)


def head_weight(model: PreTrainedModel) -> Tensor:
    """Output vectors `(vocabulary, hidden)`."""
    return model.get_output_embeddings().weight


def hidden_states(model: PreTrainedModel, prefix: Tensor, tokens: Tensor) -> Tensor:
    """States `(batch, length, hidden)` of right-padded `tokens (batch, length)` that follow `prefix (length,)`.

    The prefix is run once and its keys and values are shared by the batch, gradients included: the same result as
    writing it in front of every row, at the cost of one row.
    """
    layers = decoder(model)
    if not len(prefix):
        return layers(input_ids=tokens, use_cache=False).last_hidden_state
    cache = layers(input_ids=prefix[None], use_cache=True).past_key_values
    cache.batch_repeat_interleave(len(tokens))
    positions = torch.arange(len(prefix), len(prefix) + tokens.shape[1], device=tokens.device)
    return layers(
        input_ids=tokens, past_key_values=cache, position_ids=positions.expand(len(tokens), -1), use_cache=True
    ).last_hidden_state
