"""GRU4Rec: Hidasi et al., Session-based Recommendations with Recurrent Neural Networks, ICLR 2016 (arXiv:1511.06939).

Shape and initial weights follow RecBole 1.2.1: dropout on the embeddings (Tan et al. 2016, arXiv:1606.08117), then a
linear layer from the recurrent state back to the embeddings' size, so that one item table serves both ends. The
sequences of a batch run whole, in place of the paper's session-parallel mini-batches.
"""

from __future__ import annotations

from torch import Tensor, nn

from .sequence_model import SequenceModel


class Gru4Rec(SequenceModel):
    def __init__(self, item_count: int, *, embedding: int, hidden: int, layers: int, dropout: float):
        super().__init__()
        self.items = nn.Embedding(item_count + 1, embedding)
        self.dropout = nn.Dropout(dropout)
        self.recurrent = nn.GRU(embedding, hidden, layers, bias=False, batch_first=True)
        self.out = nn.Linear(hidden, embedding)
        nn.init.xavier_normal_(self.items.weight)
        for weight in self.recurrent.parameters():
            nn.init.xavier_uniform_(weight)

    def forward(self, ids: Tensor) -> Tensor:
        """Ids `(batch, length)` to states `(batch, length, embedding)`."""
        states, _ = self.recurrent(self.dropout(self.items(ids)))
        return self.out(states)
