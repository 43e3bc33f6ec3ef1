"""The title embedding model: an LSTM over the tokens of a query or a title (paper, section 4.4)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..masks import inverse


class TitleLstm(nn.Module):
    """Queries and titles share tokens, LSTM and space. A text is the mean of its tokens' states, scaled to length 1.

    The paper does not say how states become one vector; the mean keeps words at the start of a long title in sight.
    Token 0 is padding, on the right, where a forward LSTM meets it only after everything that counts.
    """

    def __init__(self, vocabulary: int, hidden: int):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, hidden, padding_idx=0)
        self.lstm = nn.LSTM(hidden, hidden, batch_first=True)
        self.out = nn.Linear(hidden, hidden)

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens `(batch, length)` to unit vectors `(batch, hidden)`."""
        states, _ = self.lstm(self.tokens(tokens))
        inside = (tokens != 0).to(states.dtype)[..., None]
        mean = (states * inside).sum(1) / inside.sum(1).clamp_min(1)
        return F.normalize(self.out(mean), dim=-1)


def triplet_loss(queries: Tensor, titles: Tensor, match: Tensor, margin: float, *, hard: bool) -> Tensor:
    """Triplet loss over the positive pairs of a batch, on both sides of each pair; closeness is cosine.

    `hard` takes two negatives a pair as the paper does (section 4.4): the title closest to query i, and the query
    closest to title i, among those that are no positive match. Otherwise every non-match of the batch counts, averaged.
    A side without any non-match adds nothing.

    Args:
        queries: unit vectors `(pairs, hidden)`.
        titles: unit vectors `(pairs, hidden)`; row i was bought from query i.
        match: bool `(pairs, pairs)`; whether query i and title j are a positive match.
        margin: how much closer the positive must be than a negative, in cosine.
    """
    similarity = queries @ titles.T
    positive = similarity.diagonal()
    if hard:
        negatives = similarity.masked_fill(match, -torch.inf)
        sides = (F.relu(margin - positive + negatives.amax(axis)) for axis in (1, 0))
        return sum(sides, torch.zeros_like(positive)).mean()
    loss = positive.new_zeros(())
    for own in (positive[:, None], positive[None, :]):
        missed = F.relu(margin - own + similarity).masked_fill(match, 0)
        loss = loss + missed.sum() / inverse(match).sum().clamp_min(1)
    return loss
