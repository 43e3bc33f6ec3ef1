"""Attention of several rows' tokens over keys and values that stay in place."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from ...masks import inverse

# Queries of a row that attend at once: fewer meet fewer keys that they may not see, more take fewer calls.
QUERIES_AT_ONCE = 64


@dataclass(frozen=True)
class Stretch:
    """Neighbouring slots of all rows, which attend together.

    `queries`: their part of a layout. `seen`: how many positions any of them may see; the first slot of every row sees
    `open` of these. `mask (rows, 1, width, seen - open)`: added to the scores of the others; None where each slot sees
    one more than the slot before it.
    """

    queries: slice
    width: int
    open: int
    seen: int
    mask: Tensor | None

    @staticmethod
    def of(start: int, heads: int, sees: Tensor, dtype: torch.dtype) -> Stretch:
        """From `start` in the layout; `sees (rows, width, positions)`, something in every slot."""
        rows, width, positions = sees.shape
        queries = slice(start, start + rows * heads * width)
        seen = int(sees.any(0).any(0).nonzero()[-1]) + 1
        first = int(sees[0, 0].sum())
        if torch.equal(sees, (torch.arange(positions) < first + torch.arange(width)[:, None]).expand_as(sees)):
            return Stretch(queries, width, first, seen, None)
        by_all = int(sees.all(0).all(0).int().cumprod(0).sum())
        mask = torch.zeros(rows, 1, width, seen - by_all, dtype=dtype)
        return Stretch(
            queries, width, by_all, seen, mask.masked_fill_(inverse(sees[:, None, :, by_all:seen]), -math.inf)
        )


@dataclass(frozen=True)
class Queries:
    """How the heads of tokens are laid out to attend: by stretch, row, group of heads, head and slot.

    `take (heads of slots,)`: number of the head, token by token, for each place; a slot without a token takes any.
    `give (heads of tokens,)`: the place of each.
    """

    take: Tensor
    give: Tensor
    stretches: tuple[Stretch, ...]

    @staticmethod
    def of(rows: Tensor, slots: Tensor, visible: Tensor, heads: int, dtype: torch.dtype) -> Queries:
        """Of tokens in `slots` of `rows`, both `(tokens,)`; `visible (rows, width, positions)`: what a slot may see."""
        if not len(rows):
            return Queries(rows, rows, ())
        count, width, _ = visible.shape
        tokens = torch.full((count, width), -1)
        tokens[rows, slots] = torch.arange(len(rows))
        # A slot without a token may see nothing; its sum of weights is not to be zero.
        visible = visible | inverse(visible.any(2, keepdim=True))
        take, stretches, start = [], [], 0
        for part, sees in zip(tokens.split(QUERIES_AT_ONCE, 1), visible.split(QUERIES_AT_ONCE, 1), strict=True):
            stretches.append(Stretch.of(start, heads, sees, dtype))
            numbers = part[:, None] * heads + torch.arange(heads)[:, None]
            take.append(torch.where(part[:, None] < 0, -1, numbers).flatten())
            start = stretches[-1].queries.stop
        places = torch.cat(take)
        real = (places >= 0).nonzero()[:, 0]
        give = torch.empty(len(rows) * heads, dtype=torch.long)
        give[places[real]] = real
        return Queries(places.clamp(min=0), give, tuple(stretches))


def attend(query: Tensor, keys: Tensor, values: Tensor, queries: Queries) -> Tensor:
    """Attention of `query (tokens, heads, size)`, scaled, over `keys`, `values (rows, groups, positions, size)`.

    Returns:
        `(tokens, heads * size)`.
    """
    rows, groups, _, size = keys.shape
    laid = query.reshape(-1, size).index_select(0, queries.take)
    attended = torch.empty_like(laid)
    keys, values = keys.flatten(0, 1), values.flatten(0, 1)
    for part in queries.stretches:
        # The heads of a group stand side by side, so that keys are not copied for each.
        asking = laid[part.queries].view(rows * groups, -1, size)
        # bmm would copy a part of a tensor too, and more slowly once it is transposed.
        before, held = keys[:, : part.seen].contiguous().transpose(1, 2), values[:, : part.seen].contiguous()
        weights = _masked(torch.bmm(asking, before), rows, part).exp_()
        if part.mask is None:
            weights.view(-1, part.width, part.seen).tril_(part.open - 1)
        sums = weights.sum(-1, keepdim=True)
        lowest, highest = sums.aminmax()
        if not torch.finfo(sums.dtype).tiny < lowest <= highest < math.inf:
            # Without their maximum taken off, some exponentials are too large or all too small: seldom.
            weights = _softmax(_masked(torch.bmm(asking, before), rows, part), part)
            sums.fill_(1)
        torch.div(torch.bmm(weights, held), sums, out=attended[part.queries].view(asking.shape))
    return attended.index_select(0, queries.give).view(len(query), -1)


def _masked(scores: Tensor, rows: int, part: Stretch) -> Tensor:
    if part.mask is not None:
        scores.view(rows, -1, part.width, part.seen)[..., part.open :].add_(part.mask)
    return scores


def _softmax(scores: Tensor, part: Stretch) -> Tensor:
    if part.mask is None:
        hidden = torch.ones(part.width, part.seen, dtype=torch.bool).triu_(part.open)
        scores.view(-1, part.width, part.seen).masked_fill_(hidden, -math.inf)
    return scores.softmax(-1)
