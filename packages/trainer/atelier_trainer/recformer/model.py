"""The bidirectional transformer of Recformer, with its four embeddings (section 2.2.1)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..masks import inverse
from .inputs import Inputs

TOKEN_TYPES = 3
NORM_EPSILON = 1e-12
PLAIN_WEIGHTS = 2**24

WORD_DEVIATION, CARRIED = 0.1, 3.0
"""The start from scratch: words outweigh positions, and [CLS] begins as about the mean of the words. In one
uncontrolled comparison on the synthetic sample the usual start did worse at this size; no clean one was made (the idea:
Trockman and Kolter, 2023, "Mimetic Initialization of Self-Attention Layers")."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the model; `max_items` bounds item positions, `max_tokens` token positions."""

    vocabulary: int
    hidden: int
    layers: int
    heads: int
    inner: int
    max_tokens: int
    max_items: int
    dropout: float


class Layer(nn.Module):
    """A BERT layer: attention over the whole sequence, then a feed-forward network, each followed by LayerNorm."""

    def __init__(self, shape: Shape):
        super().__init__()
        hidden = shape.hidden
        self.heads = shape.heads
        self.query = nn.Linear(hidden, hidden)
        self.key_value = nn.Linear(hidden, 2 * hidden)
        self.attention_out = nn.Linear(hidden, hidden)
        self.attention_norm = nn.LayerNorm(hidden, NORM_EPSILON)
        self.inner_in = nn.Linear(hidden, shape.inner)
        self.inner_out = nn.Linear(shape.inner, hidden)
        self.inner_norm = nn.LayerNorm(hidden, NORM_EPSILON)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, states: Tensor, mask: Tensor | None, head_only: bool = False) -> Tensor:
        """`(batch, length, hidden)` to the same, or to `(batch, 1, hidden)`: the first place alone, at its cost."""
        asking = states[:, :1] if head_only else states
        states = self.attention_norm(asking + self.dropout(self.attend(asking, states, mask)))
        inner = self.inner_out(F.gelu(self.inner_in(states)))
        return self.inner_norm(states + self.dropout(inner))

    @torch.no_grad()
    def carry_values(self) -> None:
        """Start so that attention adds what it looks at: values times output projection is `CARRIED` times identity."""
        hidden = len(self.attention_out.weight)
        turn = torch.linalg.qr(torch.randn(hidden, hidden))[0] * CARRIED**0.5
        self.key_value.weight[hidden:] = turn
        self.attention_out.weight.copy_(turn.T)

    def attend(self, asking: Tensor, states: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, hidden = states.shape
        query = self.query(asking).view(batch, asking.shape[1], self.heads, -1).transpose(1, 2)
        key, value = self.key_value(states).view(batch, length, 2, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        mixed = mix(query, key, value, mask)
        return self.attention_out(mixed.transpose(1, 2).reshape(batch, -1, hidden))


def mix(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
    """Attention of queries `(batch, heads, asking, size)`; `mask` `(batch, 1, 1, length)` is True at real places.

    Without dropout of the weights: it costs as much as all the rest here. On CPUs the plain form trains up to twice as
    fast as the fused one while its weights are few; past that the fused one saves their memory.
    """
    batch, heads, asking, size = query.shape
    if query.device.type != "cpu" or batch * heads * asking * key.shape[2] > PLAIN_WEIGHTS:
        return F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    weights = query @ key.transpose(-1, -2) * size**-0.5
    if mask is not None:
        weights = weights.masked_fill(inverse(mask), -torch.inf)
    return weights.softmax(-1).to(value.dtype) @ value


class Recformer(nn.Module):
    """Encodes items and sequences alike; the state of [CLS] stands for the whole."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.tokens = nn.Embedding(shape.vocabulary, shape.hidden)
        self.token_positions = nn.Embedding(shape.max_tokens, shape.hidden)
        self.types = nn.Embedding(TOKEN_TYPES, shape.hidden)
        self.item_positions = nn.Embedding(shape.max_items + 1, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, NORM_EPSILON)
        self.dropout = nn.Dropout(shape.dropout)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.apply(_initialise)
        nn.init.normal_(self.tokens.weight, std=WORD_DEVIATION)
        for layer in self.layers:
            layer.carry_values()

    def embed(self, inputs: Inputs) -> Tensor:
        """The sum of a token's four embeddings, normalised (equation 1)."""
        summed = self.tokens(inputs.tokens) + self.token_positions.weight[: inputs.tokens.shape[1]]
        summed = summed + self.types(inputs.types) + self.item_positions(inputs.positions)
        return self.dropout(self.norm(summed))

    def states(self, inputs: Inputs) -> Tensor:
        """`(batch, length, hidden)`: the last layer's states of all places."""
        return self._run(inputs, head_only=False)

    def forward(self, inputs: Inputs) -> Tensor:
        """`(batch, hidden)` unit vectors of what `inputs` hold; the last layer is computed for [CLS] alone."""
        return F.normalize(self._run(inputs, head_only=True)[:, 0].float(), dim=-1)

    def _run(self, inputs: Inputs, head_only: bool) -> Tensor:
        states = self.embed(inputs)
        mask = None if bool(inputs.real.all()) else inputs.real[:, None, None, :]
        for place, layer in enumerate(self.layers, start=1):
            states = layer(states, mask, head_only and place == len(self.layers))
        return states


class MaskedWords(nn.Module):
    """Predicts masked words from their states, over the model's own word vectors (BERT's head)."""

    def __init__(self, shape: Shape):
        super().__init__()
        hidden = shape.hidden
        self.inner = nn.Linear(hidden, hidden)
        self.norm = nn.LayerNorm(hidden, NORM_EPSILON)
        self.bias = nn.Parameter(torch.zeros(shape.vocabulary))
        self.apply(_initialise)

    def forward(self, states: Tensor, words: Tensor) -> Tensor:
        """`(masked, hidden)` states and `(vocabulary, hidden)` word vectors to logits `(masked, vocabulary)`."""
        return F.linear(self.norm(F.gelu(self.inner(states))), words, self.bias)


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
