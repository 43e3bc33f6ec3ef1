"""Llama's layers on a CPU without what transformers does around them: real tokens only, keys and values in place.

The states are those of transformers but for rounding. What is saved: padding, caches and masks that grow by a copy in
every pass, the float32 temporaries of norms and rotations, and in the last layer all but the keys and values of tokens
whose states nobody asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .forward import autocast, decoder

if TYPE_CHECKING:
    from transformers import PreTrainedModel

# Queries of a row that attend at once: fewer meet fewer keys that they may not see, more take fewer calls.
QUERIES_AT_ONCE = 64


@dataclass(frozen=True)
class Queries:
    """Tokens that attend, laid out in rows of one width.

    `slots (tokens,)`: number of each token's slot among all rows' slots, row by row.
    `mask (rows, width, positions)`: added to the scores.
    `seen`: how many positions any slot may see, for each stretch of `QUERIES_AT_ONCE` slots.
    """

    slots: Tensor
    mask: Tensor
    seen: tuple[int, ...]

    @staticmethod
    def of(slots: Tensor, visible: Tensor, dtype: torch.dtype) -> Queries:
        """`visible (rows, width, positions)`: what each slot may see."""
        mask = torch.zeros(visible.shape, dtype=dtype).masked_fill_(~visible, -torch.inf)
        stretches = visible.any(0).split(QUERIES_AT_ONCE)
        return Queries(slots, mask, tuple(int(part.any(0).nonzero()[-1]) + 1 for part in stretches if len(part)))


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

    Products are taken in bfloat16 where `autocast` would take them so; the weights are then converted once.
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

    @staticmethod
    def fits(model: PreTrainedModel) -> bool:
        """Whether this is a Llama on a CPU whose layers are plain: neither quantised nor with an adapter on them."""
        if model.config.model_type != "llama" or model.device.type != "cpu" or model.config.hidden_act != "silu":
            return False
        # _Layer takes these to be plain; a subclass may do more than multiply.
        return all(type(module) is nn.Linear for module in decoder(model).modules() if hasattr(module, "in_features"))

    def memory(self, rows: int, positions: int) -> Tensor:
        """Room for keys and values: `(layers, 2, rows, groups, positions, size)`."""
        return torch.zeros(len(self.layers), 2, rows, self.groups, positions, self.size, dtype=self.dtype)

    def read(self, step: Pass, memory: Tensor) -> Tensor:
        """States `(asked, hidden)` after the last norm; `memory` of the rows gets the keys and values of all tokens."""
        states = self.embedding(step.tokens)
        cos, sin = (part[0][:, None].to(self.dtype) for part in self.rotary(states, step.positions[None]))
        queries = step.queries
        for number, layer in enumerate(self.layers):
            keys, values = memory[number]
            normed = layer.norm_before(states).to(self.dtype)
            keys[step.rows, :, step.places] = rotate(layer.key(normed).view(-1, self.groups, self.size), cos, sin)
            values[step.rows, :, step.places] = layer.value(normed).view(-1, self.groups, self.size)
            if number == len(self.layers) - 1:
                queries, asked = step.last, step.asked
                if not len(asked):
                    return states[asked]
                states, normed, cos, sin = states[asked], normed[asked], cos[asked], sin[asked]
            query = rotate(layer.query(normed).view(-1, self.heads, self.size), cos, sin).mul_(self.size**-0.5)
            states.add_(layer.output(attend(query, keys, values, queries)))
            normed = layer.norm_after(states).to(self.dtype)
            states.add_(layer.down(F.silu(layer.gate(normed), inplace=True).mul_(layer.up(normed))))
        return _Norm(self.norm)(states)


class _Layer:
    def __init__(self, layer: nn.Module, dtype: torch.dtype):
        attention, mlp = layer.self_attn, layer.mlp
        self.norm_before, self.norm_after = _Norm(layer.input_layernorm), _Norm(layer.post_attention_layernorm)
        self.query, self.key, self.value, self.output, self.gate, self.up, self.down = (
            _Linear(linear, dtype)
            for linear in (
                attention.q_proj,
                attention.k_proj,
                attention.v_proj,
                attention.o_proj,
                mlp.gate_proj,
                mlp.up_proj,
                mlp.down_proj,
            )
        )


class _Linear:
    def __init__(self, linear: nn.Linear, dtype: torch.dtype):
        self.weight = linear.weight.detach().to(dtype)
        self.bias = None if linear.bias is None else linear.bias.detach().to(dtype)

    def __call__(self, inputs: Tensor) -> Tensor:
        return F.linear(inputs, self.weight, self.bias)


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


def attend(query: Tensor, keys: Tensor, values: Tensor, queries: Queries) -> Tensor:
    """Attention of `query (tokens, heads, size)`, scaled, over `keys`, `values (rows, groups, positions, size)`.

    Returns:
        `(tokens, heads * size)`.
    """
    rows, groups, _, size = keys.shape
    width = queries.mask.shape[1]
    padded = query.new_zeros(rows * width, *query.shape[1:]).index_copy_(0, queries.slots, query)
    # The heads of a group stand side by side, so that keys are not copied for each.
    padded = padded.view(rows, width, groups, -1, size).permute(0, 2, 3, 1, 4)
    keys, values = keys.flatten(0, 1), values.flatten(0, 1)
    outputs = []
    parts = zip(padded.split(QUERIES_AT_ONCE, 3), queries.mask.split(QUERIES_AT_ONCE, 1), queries.seen, strict=True)
    for part, mask, seen in parts:
        scores = torch.bmm(part.reshape(rows * groups, -1, size), keys[:, :seen].transpose(1, 2))
        scores.view(rows, -1, part.shape[3], seen).add_(mask[:, None, :, :seen])
        attended = torch.bmm(scores.softmax(-1), values[:, :seen])
        outputs.append(attended.view(rows, -1, part.shape[3], size))
    return torch.cat(outputs, 2).transpose(1, 2).reshape(rows * width, -1).index_select(0, queries.slots)
