"""SASRec: Kang and McAuley, Self-Attentive Sequential Recommendation, ICDM 2018 (arXiv:1808.09781)."""

from __future__ import annotations

from torch import Tensor, nn

from .sequence_model import SequenceModel
from .transformer import Encoder, initialise


class SasRec(SequenceModel):
    """Causal self-attention over the items so far; an item's score is its embedding's product with the last state.

    `scaled` multiplies the item embeddings by the root of their size where they enter, as the authors' code does;
    it is meant for one sampled negative.
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
        scaled: bool = False,
    ):
        super().__init__()
        self.scale = hidden**0.5 if scaled else 1.0
        self.items = nn.Embedding(item_count + 1, hidden)
        initialise(self.items)
        self.encoder = Encoder(hidden, layers, heads, dropout, max_length)

    def forward(self, ids: Tensor) -> Tensor:
        """Ids `(batch, length)` to states `(batch, length, hidden)`."""
        return self.encoder(self.items(ids) * self.scale)
