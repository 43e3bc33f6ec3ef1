"""Llama's layers on a CPU without what transformers does around them: real tokens only, keys and values in place.

The states are those of transformers but for rounding. What is saved: padding, caches and masks that grow by a copy in
every pass, weights laid out anew for every product, the float32 temporaries of rotations and of the softmax, and in the
last layer all but the keys and values of tokens whose states nobody asks for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from .attention import Queries, attend
from .forward import autocast, decoder
from .linear import FixedLinear

if TYPE_CHECKING:
    from transformers import PreTrainedModel


@dataclass(frozen=True)
class Pass:
    """Tokens of several rows, one after the other, all `(tokens,)`.

    `positions`: for the rotary embedding. `rows` and `places`: where in the memory their keys and values go.
    `asked`: numbers of the tokens whose states are wanted; `last`: how these attend in the last layer.
    """

    tokens: Tensor
    positions: Tensor
    rows: Tensor
    places: Tensor
    queries: Queries
    asked: Tensor
    last: Queries


class LeanLlama:
    """The layers of a Llama under its output head, with the model's own weights.

    Products are taken in bfloat16 where `autocast` would take them so; the weights are then converted once. Most
    weights are held twice, as the model has them and as products read them.
    """

    def __init__(self, model: PreTrainedModel):
        config, layers = model.config, decoder(model)
        self.hidden = config.hidden_size
        self.heads, self.groups = config.num_attention_heads, config.num_key_value_heads
        self.size = layers.layers[0].self_attn.head_dim
        self.embedding, self.rotary, self.norm = layers.embed_tokens, layers.rotary_emb, layers.norm
        with autocast(model):
            self.dtype = torch.bfloat16 if torch.is_autocast_enabled("cpu") else model.dtype
        self.layers = [_Layer(layer, self.dtype) for layer in layers.layers]
        self._spare = torch.empty(0, dtype=self.dtype)
        head = model.get_output_embeddings()
        self.head = FixedLinear([head], head.weight.dtype)

    @staticmethod
    def fits(model: PreTrainedModel) -> bool:
        """Whether this is a Llama on a CPU whose layers are plain: neither quantised nor with an adapter on them."""
        if model.config.model_type != "llama" or model.device.type != "cpu" or model.config.hidden_act != "silu":
            return False
        # _Layer takes these to be plain; a subclass may do more than multiply.
        return all(type(module) is nn.Linear for module in decoder(model).modules() if hasattr(module, "in_features"))

    def memory(self, rows: int, positions: int) -> Tensor:
        """Room for keys and values of numbers: `(layers, 2, rows, groups, positions, size)`."""
        shape = (len(self.layers), 2, rows, self.groups, positions, self.size)
        size = math.prod(shape)
        if not 0 < size <= len(self._spare):
            return torch.zeros(shape, dtype=self.dtype)
        spare, self._spare = self._spare, self._spare[:0]
        return spare[:size].view(shape)

    def take_back(self, memory: Tensor) -> None:
        """A memory that nobody reads any more serves as the next: the system takes its time to give pages."""
        self._spare = memory.flatten()

    def read(self, step: Pass, memory: Tensor) -> Tensor:
        """States `(asked, hidden)` after the last norm; `memory` of the rows gets the keys and values of all tokens."""
        states = self.embedding(step.tokens)
        cos, sin = (part[0][:, None].to(self.dtype) for part in self.rotary(states, step.positions[None]))
        groups, size = self.groups, self.size
        # Where the heads of keys and values go among all positions of all rows.
        held = (step.rows[:, None] * groups + torch.arange(groups)) * memory.shape[4] + step.places[:, None]
        held, queries = held.flatten(), step.queries
        for number, layer in enumerate(self.layers):
            keys, values = memory[number]
            normed = layer.norm_before(states).to(self.dtype)
            heads = layer.query_key_value(normed).view(len(states), -1, size)
            turned, value = rotate(heads[:, :-groups], cos, sin), heads[:, -groups:]
            query, key = turned[:, :-groups], turned[:, -groups:]
            keys.view(-1, size).index_copy_(0, held, key.reshape(-1, size))
            values.view(-1, size).index_copy_(0, held, value.reshape(-1, size))
            if number == len(self.layers) - 1:
                queries, asked = step.last, step.asked
                if not len(asked):
                    return states[asked]
                states, query = states[asked], query[asked]
            states = layer.output.plus(attend(query, keys, values, queries), states)
            normed = layer.norm_after(states).to(self.dtype)
            states = layer.down.plus(layer.up.times(normed, layer.gate.silu(normed)), states)
        return _Norm(self.norm)(states)


class _Layer:
    def __init__(self, layer: nn.Module, dtype: torch.dtype):
        attention, mlp = layer.self_attn, layer.mlp
        self.norm_before, self.norm_after = _Norm(layer.input_layernorm), _Norm(layer.post_attention_layernorm)
        projections = [attention.q_proj, attention.k_proj, attention.v_proj]
        self.query_key_value = FixedLinear(projections, dtype, scale=attention.head_dim**-0.5)
        self.output, self.gate = FixedLinear([attention.o_proj], dtype), FixedLinear([mlp.gate_proj], dtype)
        self.up, self.down = FixedLinear([mlp.up_proj], dtype), FixedLinear([mlp.down_proj], dtype)


class _Norm:
    """RMSNorm, in float32 as transformers has it."""

    def __init__(self, norm: nn.Module):
        self.weight, self.epsilon = norm.weight.detach(), norm.variance_epsilon

    def __call__(self, states: Tensor) -> Tensor:
        exact = states.float()
        norms = torch.linalg.vector_norm(exact, dim=-1, keepdim=True)
        scale = norms.square_().div_(states.shape[-1]).add_(self.epsilon).rsqrt_()
        return (exact * scale).to(states.dtype).mul_(self.weight)


def rotate(vectors: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions (Su et al., 2021) of `vectors (tokens, heads, size)`; `cos`, `sin (tokens, 1, size)` have two
    halves that are alike."""
    half = vectors.shape[-1] // 2
    turned = vectors * cos
    turned[..., :half].addcmul_(vectors[..., half:], sin[..., half:], value=-1)
    turned[..., half:].addcmul_(vectors[..., :half], sin[..., :half])
    return turned
