"""A causal transformer encoder for item sequences, right-padded: no position sees a later one, padding included."""

from __future__ import annotations

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

    def forward(self, states: Tensor) -> Tensor:
        """`(batch, length, hidden)` to the same."""
        states = states + self.dropout(self.attend(self.attention_norm(states)))
        inner = F.gelu(self.inner_in(self.inner_norm(states)))
        return states + self.dropout(self.inner_out(self.dropout(inner)))

    def attend(self, states: Tensor) -> Tensor:
        batch, length, hidden = states.shape
        parts = self.attention_in(states).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        rate = self.dropout.p if self.training else 0.0
        mixed = F.scaled_dot_product_attention(*parts.unbind(0), is_causal=True, dropout_p=rate)
        return self.attention_out(mixed.transpose(1, 2).reshape(batch, length, hidden))


class CausalEncoder(nn.Module):
    """Adds position embeddings and runs `layers` blocks. Positions count from a sequence's first item."""

    def __init__(self, hidden: int, layers: int, heads: int, dropout: float, max_length: int):
        super().__init__()
        self.positions = nn.Embedding(max_length, hidden)
        self.blocks = nn.ModuleList(Block(hidden, heads, 4 * hidden, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(hidden)
        self.dropout = nn.Dropout(dropout)
        self.apply(initialise)

    def forward(self, embedded: Tensor) -> Tensor:
        """`(batch, length, hidden)` to the same; length at most `max_length`."""
        states = self.dropout(embedded + self.positions.weight[: embedded.shape[1]])
        for block in self.blocks:
            states = block(states)
        return self.norm(states)


def initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
