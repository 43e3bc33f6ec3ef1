"""Several prompts in one row, none of which sees another.

A packed row is the shared instruction once and then prompt after prompt, without padding: all linear layers work on
real tokens only. Attention is computed prompt by prompt over the instruction and the prompt itself (a block-diagonal
mask whose empty blocks are never computed), and positions start again after the instruction with each prompt. So the
states are those of padded rows (Krell et al., 2021, "Efficient Sequence Packing without Cross-contamination").
"""

from __future__ import annotations

import math
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ...errors import BadSpec
from ..base.limits import packing_problem

if TYPE_CHECKING:
    from transformers import PreTrainedModel

ATTENTION = "atelier-packed"


@dataclass(frozen=True)
class Layout:
    """Lengths of the instruction (0: none) and of the prompts behind it, in the order of the row."""

    prefix: int
    lengths: tuple[int, ...]

    def positions(self, device: torch.device) -> Tensor:
        """`(1, tokens)`: from 0 through the instruction, and on from there in each prompt."""
        parts = [torch.arange(self.prefix, device=device)]
        parts += [torch.arange(self.prefix, self.prefix + length, device=device) for length in self.lengths]
        return torch.cat(parts)[None]


class Packing:
    """Packed attention in a model's layers; `layout` says what the row that is being read holds.

    Each attention module keeps a reference, so that a layer which gradient checkpointing runs again during the
    backward pass meets the same layout.

    Raises:
        BadSpec: the architecture takes attention functions in neither of the known ways.
    """

    def __init__(self, model: PreTrainedModel):
        from transformers import AttentionInterface

        if (problem := packing_problem(model.config)) is not None:
            raise BadSpec(f"{problem}: set fineTune.packing to false")
        self.layout = Layout(0, ())
        AttentionInterface.register(ATTENTION, _interface_attention)
        if model.config.model_type == "falcon":
            for layer in model.transformer.h:
                layer.self_attention.packing = self
                layer.self_attention.forward = types.MethodType(_falcon_attention, layer.self_attention)
        else:
            modules = [module for module in model.modules() if hasattr(module, "q_proj") and hasattr(module, "o_proj")]
            # `sinks` are scores of no key, which the library's attention adds.
            if not modules or any(hasattr(module, "sinks") for module in modules):
                raise BadSpec(f"packing does not know the attention of {model.config.model_type}; set it to false")
            for module in modules:
                module.packing = self
        # transformers then builds no mask of its own.
        model.config._attn_implementation = ATTENTION

    def attend(self, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        """Attention of `query (heads, tokens, size)` over `key`, `value (groups, tokens, size)`; as `query`."""
        prefix, lengths = self.layout.prefix, list(self.layout.lengths)
        parts = [tensor.split([prefix, *lengths], dim=1) for tensor in (query, key, value)]
        mask = _causal(prefix, max(lengths), query)
        outputs = []
        if prefix:
            outputs.append(_attention(*(part[0] for part in parts), mask[:prefix, :prefix], scale))
        for queries, keys, values in zip(*(part[1:] for part in parts), strict=True):
            if prefix:
                keys, values = torch.cat([parts[1][0], keys], 1), torch.cat([parts[2][0], values], 1)
            length = queries.shape[1]
            allowed = mask[prefix : prefix + length, : prefix + length]
            outputs.append(_attention(queries, keys, values, allowed, scale))
        return torch.cat(outputs, dim=1)


def _causal(prefix: int, longest: int, like: Tensor) -> Tensor:
    """Additive mask `(prefix + longest, prefix + longest)`."""
    size = prefix + longest
    return torch.full((size, size), -torch.inf, device=like.device, dtype=like.dtype).triu(1)


def _attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor, scale: float) -> Tensor:
    """Attention of one prompt; `query` has a whole number of heads for each group of `key` and `value`."""
    if query.is_cuda:
        return F.scaled_dot_product_attention(
            query[None], key[None], value[None], attn_mask=mask, scale=scale, enable_gqa=True
        )[0]
    heads, length, size = query.shape
    groups = len(key)
    # The heads of a group stand side by side, so that keys are not copied for each. On CPUs torch's fused attention has
    # a slow backward pass.
    scores = torch.bmm(query.reshape(groups, -1, size) * scale, key.transpose(1, 2)).view(heads, length, -1) + mask
    weights = scores.softmax(-1).to(value.dtype)
    return torch.bmm(weights.view(groups, -1, weights.shape[-1]), value).view(heads, length, size)


def _interface_attention(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, attention_mask: object, scaling: float, **_: object
) -> tuple[Tensor, None]:
    """transformers' attention interface: `query (1, heads, tokens, size)` → `(1, tokens, heads, size)`."""
    return module.packing.attend(query[0], key[0], value[0], scaling).transpose(0, 1)[None], None


def _falcon_attention(
    self: nn.Module, hidden_states: Tensor, *, position_embeddings: tuple[Tensor, Tensor], **_: object
) -> tuple[Tensor, None]:
    """Falcon's attention, which does not take part in the interface: its own projections and rotary positions."""
    from transformers.models.falcon.modeling_falcon import apply_rotary_pos_emb

    query, key, value = (part.transpose(1, 2) for part in self._split_heads(self.query_key_value(hidden_states)))
    query, key = apply_rotary_pos_emb(query, key, *position_embeddings)
    attended = self.packing.attend(query[0], key[0], value[0], 1 / math.sqrt(self.head_dim))
    return self.dense(attended.transpose(0, 1).reshape(1, -1, self.num_heads * self.head_dim)), None
