"""SASRec: Kang and McAuley, Self-Attentive Sequential Recommendation, ICDM 2018 (arXiv:1808.09781)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .transformer import CausalEncoder, initialise


class SasRec(nn.Module):
    """Causal self-attention over the items so far; an item's score is its embedding's product with the last state.

    Every position of a sequence is learned from in one pass. Row 0 of the item table is padding.
    """

    def __init__(self, item_count: int, *, hidden: int, layers: int, heads: int, dropout: float, max_length: int):
        super().__init__()
        self.items = nn.Embedding(item_count + 1, hidden)
        initialise(self.items)
        self.encoder = CausalEncoder(hidden, layers, heads, dropout, max_length)

    def forward(self, ids: Tensor) -> Tensor:
        """Ids `(batch, length)`, 0 on the right to states `(batch, length, hidden)` that say what is next."""
        return self.encoder(self.items(ids))

    def table(self) -> Tensor:
        """Item vectors `(items, hidden)` whose products with a state are the scores."""
        return self.items.weight[1:]

    @torch.inference_mode()
    def last_states(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """States `(batch, hidden)` after each sequence's last item."""
        return self(ids)[torch.arange(len(ids), device=ids.device), lengths.clamp_min(1) - 1]
