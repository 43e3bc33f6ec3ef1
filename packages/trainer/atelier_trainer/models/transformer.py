"""A transformer encoder for item sequences, padded on the right.

Causal, no position sees a later one, padding included. Otherwise every position sees all items of its sequence.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Block(nn.Module):
    """Pre-norm self-attention and a point-wise feed-forward network."""

    def __init__(self, hidden: int, heads: int, inner: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(hidden)
        self.attention_in = nn.Linear(hidden, 3 * hidden)
        self.attention_out = nn.Linear(hidden, hidden)
        self.inner_norm = nn.LayerNorm(hidden)
        self.inner_in = nn.Linear(hidden, inner)
        self.inner_out = nn.Linear(inner, hidden)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, visible: Tensor | None = None) -> Tensor:
        """`(batch, length, hidden)` to the same; causal unless told which places are `visible` `(batch, length)`."""
        states = states + self.dropout(self.attend(self.attention_norm(states), visible))
        inner = F.gelu(self.inner_in(self.inner_norm(states)))
        return states + self.dropout(self.inner_out(self.dropout(inner)))

    def attend(self, states: Tensor, visible: Tensor | None = None) -> Tensor:
        batch, length, hidden = states.shape
        parts = self.attention_in(states).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        rate = self.dropout.p if self.training else 0.0
        mask = None if visible is None else visible[:, None, None, :]
        mixed = F.scaled_dot_product_attention(*parts.unbind(0), mask, dropout_p=rate, is_causal=visible is None)
        return self.attention_out(mixed.transpose(1, 2).reshape(batch, length, hidden))


class Encoder(nn.Module):
    """Adds position embeddings and runs `layers` blocks.

    Positions count from a sequence's first item; where the encoder is not causal from its last, so that a mask after a
    history stands where the last mask of a training sequence stood (as with the left padding of BERT4Rec's authors).
    """

    def __init__(self, hidden: int, layers: int, heads: int, dropout: float, max_length: int, *, causal: bool = True):
        super().__init__()
        self.causal = causal
        self.positions = nn.Embedding(max_length, hidden)
        self.blocks = nn.ModuleList(Block(hidden, heads, 4 * hidden, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(hidden)
        self.dropout = nn.Dropout(dropout)
        self.apply(initialise)

    def forward(self, embedded: Tensor, there: Tensor | None = None) -> Tensor:
        """`(batch, length, hidden)` to the same; length at most `max_length`.

        Args:
            there: `(batch, length)`, which places hold an item; needed where the encoder is not causal.
        """
        if not self.causal and there is None:
            raise ValueError("an encoder that is not causal must be told which places are padding")
        states = self.dropout(embedded + self.places(embedded.shape[1], there))
        for block in self.blocks:
            states = block(states, None if self.causal else there)
        return self.norm(states)

    def places(self, length: int, there: Tensor | None) -> Tensor:
        """Position embeddings, `(length, hidden)` or one row each, `(batch, length, hidden)`."""
        if self.causal or there is None:
            return self.positions.weight[:length]
        from_last = there.sum(1, keepdim=True) - 1 - torch.arange(length, device=there.device)
        return self.positions(from_last.clamp_min(0))


def initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
