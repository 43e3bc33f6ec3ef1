"""BERT4Rec: Sun et al., BERT4Rec: Sequential Recommendation with Bidirectional Encoder Representations from
Transformer, CIKM 2019 (arXiv:1904.06690)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..data.sequences import PAD
from .sequence_model import Lessons, SequenceModel
from .transformer import Encoder, initialise


class Bert4Rec(SequenceModel):
    """Attention to both sides. Masked items are predicted from the rest; a mask after the history asks what is next.

    Each pass over a window learns two copies of it: one with `mask_share` of its items masked at random, one with its
    last item alone, which the paper adds because that is what is asked at test (section 3.6). The random masks are
    drawn anew every time. The head is section 3.5's linear layer with GELU, here followed by layer normalisation as in
    BERT; that norm's bias, through the item table, is the item bias of equation 7. Blocks normalise first, unlike the
    paper's, which need a longer warm-up. Item vectors start with unit length, on the mean, and not with the paper's
    deviation of 0.02: on logs of about a thousand shoppers training then never left the popularity of the items.
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
        mask_share: float,
    ):
        super().__init__()
        self.item_count = item_count
        self.mask_share = mask_share
        # Padding, the items, the mask. A history at test is one place shorter than a window: its mask comes on top.
        self.items = nn.Embedding(item_count + 2, hidden)
        nn.init.normal_(self.items.weight, std=hidden**-0.5)
        self.encoder = Encoder(hidden, layers, heads, dropout, max_length + 1, causal=False)
        self.head = nn.Linear(hidden, hidden)
        self.head_norm = nn.LayerNorm(hidden)
        initialise(self.head)

    @property
    def mask(self) -> int:
        return self.item_count + 1

    def forward(self, ids: Tensor) -> Tensor:
        """Ids `(batch, length)` to `(batch, length, hidden)`: at a mask, what should stand there."""
        return self.predict(self.encoder(self.items(ids), ids != PAD))

    def predict(self, states: Tensor) -> Tensor:
        return self.head_norm(F.gelu(self.head(states)))

    def table(self) -> Tensor:
        return self.items.weight[1 : self.mask]

    def lessons(self, ids: Tensor) -> Lessons:
        there = ids != PAD
        at_random = there & (torch.rand(ids.shape, device=ids.device) < self.mask_share)
        last = torch.arange(ids.shape[1], device=ids.device) == there.sum(1, keepdim=True) - 1
        hidden = torch.cat([at_random, last])
        both = ids.repeat(2, 1)
        states = self.encoder(self.items(both.masked_fill(hidden, self.mask)), both != PAD)
        sequences = hidden.nonzero()[:, 0] % len(ids)
        return Lessons(self.predict(states[hidden]), both[hidden] - 1, sequences)

    @torch.inference_mode()
    def last_states(self, ids: Tensor, lengths: Tensor) -> Tensor:
        rows = torch.arange(len(ids), device=ids.device)
        asked = F.pad(ids, (0, 1))
        asked[rows, lengths] = self.mask
        return self.predict(self.encoder(self.items(asked), asked != PAD)[rows, lengths])
