"""CORE: Hou et al., CORE: Simple and Effective Session-based Recommendation within Consistent Representation Space,
SIGIR 2022 (arXiv:2204.11067), in both its forms (CORE-trm and CORE-ave)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .sequence_model import SequenceModel
from .transformer import Encoder


class Core(SequenceModel):
    """A sequence is a weighted sum of its own items' embeddings, so that sequences and items share one space.

    The weights come from a transformer over the items so far, or are all alike (`attend` false; section 3.2). Scores
    are cosines over a temperature, and item embeddings are dropped out on both sides (section 3.3). The weight of item
    i depends on items up to i alone, so prefix t takes the softmax of the first t logits: all prefixes of a sequence
    are learned in one pass, and equal what each would give alone.
    """

    def __init__(
        self,
        item_count: int,
        *,
        hidden: int,
        layers: int,
        heads: int,
        dropout: float,
        max_length: int,
        temperature: float,
        item_dropout: float,
        attend: bool = True,
    ):
        super().__init__()
        self.items = nn.Embedding(item_count + 1, hidden)
        nn.init.uniform_(self.items.weight, -(hidden**-0.5), hidden**-0.5)
        self.encoder = Encoder(hidden, layers, heads, dropout, max_length) if attend else None
        self.weight = nn.Linear(hidden, 1) if attend else None
        self.temperature = temperature
        self.item_dropout = nn.Dropout(item_dropout)

    def forward(self, ids: Tensor) -> Tensor:
        """Ids `(batch, length)` to `(batch, length, hidden)`: unit vectors over the temperature."""
        embedded = self.item_dropout(self.items(ids))
        return F.normalize(prefix_sums(embedded, self.logits(embedded)), dim=-1) / self.temperature

    def logits(self, embedded: Tensor) -> Tensor:
        """Of each item's weight in its sequence, `(batch, length)`."""
        if self.encoder is None or self.weight is None:
            return embedded.new_zeros(embedded.shape[:2])
        return self.weight(self.encoder(embedded)).squeeze(-1)

    def table(self) -> Tensor:
        """Unit item vectors `(items, hidden)`; dropped out before they are scaled while training."""
        return F.normalize(self.item_dropout(self.items.weight[1:]), dim=-1)


def prefix_sums(values: Tensor, logits: Tensor) -> Tensor:
    """For each prefix, its values weighted by the softmax of its logits: `(batch, length, hidden)`.

    Args:
        values: `(batch, length, hidden)`.
        logits: `(batch, length)`.
    """
    length = logits.shape[1]
    later = torch.ones(length, length, dtype=torch.bool, device=logits.device).triu(1)
    weights = logits[:, None, :].expand(-1, length, -1).masked_fill(later, -torch.inf).softmax(-1)
    return weights @ values
