"""Exact ranking over the whole catalogue, in blocks (docs/contracts.md, ranks and ties).

An item precedes another if its score is higher or, at equal scores, its id is lower. Items stand here as catalogue
rows, which order as ids do.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .data.sequences import Windows
from .tables import Ragged

BLOCK_SCORES, BLOCK_ROWS = 2_000_000, 64
"""Scores held at a time, rows of a block times items, and the rows that a block has at least: with fewer a product is
as slow as reading the whole item table for each (bench/README.md)."""


@dataclass(frozen=True)
class Ranking:
    """Ranks from 1 `(examples,)`, and the best items of each example with their scores, best first."""

    ranks: np.ndarray
    items: Ragged
    scores: Ragged


@dataclass(frozen=True)
class Ranked:
    """What a baseline hands back: test and validation examples ranked, and the summary of its training."""

    test: Ranking
    valid: Ranking
    summary: dict[str, int | float | str | bool | None]


def target_ranks(scores: Tensor, targets: Tensor) -> Tensor:
    """Ranks `(rows,)` of `targets` in `scores` `(rows, items)`, counting what precedes them."""
    own = scores.gather(1, targets[:, None])
    ranks = 1 + _counts(scores, own, equal=False)
    # Ties are rare but for equal vectors: look for them only where something besides the target is as high.
    for row in (_counts(scores, own, equal=True) > ranks).nonzero()[:, 0].split(256):
        tied, items = (scores[row] == own[row]).nonzero(as_tuple=True)
        ranks[row] += torch.bincount(tied[items < targets[row][tied]], minlength=len(row))
    return ranks


def _counts(scores: Tensor, bounds: Tensor, *, equal: bool) -> Tensor:
    """How many scores of each row exceed its bound `(rows, 1)`, or reach it where `equal` counts too."""
    if scores.device.type != "cpu":
        return (scores >= bounds if equal else scores > bounds).sum(1)
    # Row by row what is compared stays in the cache; NumPy counts flags many times as fast as PyTorch adds them up.
    compare = np.greater_equal if equal else np.greater
    flags = np.empty(scores.shape[1], dtype=bool)
    rows = zip(scores.numpy(), bounds.numpy(), strict=True)
    return torch.tensor([np.count_nonzero(compare(row, bound, out=flags)) for row, bound in rows], dtype=torch.long)


class ItemTable:
    """Vectors `(items, hidden)` to score with. Equal vectors are one row of the product, so that their scores are equal
    to the last bit and ties go by id: how a product is rounded depends on a row's place in it, and on the processor."""

    def __init__(self, vectors: Tensor):
        first, place = equal_rows(vectors)
        self._place = None if len(first) == len(vectors) else torch.from_numpy(place).to(vectors.device)
        self._distinct = vectors if self._place is None else vectors[torch.from_numpy(first).to(vectors.device)]

    def scores(self, states: Tensor) -> Tensor:
        """`(rows, items)` of `states (rows, hidden)`."""
        scores = _products(states, self._distinct)
        return scores if self._place is None else scores[:, self._place]


def equal_rows(vectors: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """The first of each set of equal rows, and for every row the place of its own in that list."""
    # Adding 0 makes -0 and 0 one; rows are then compared by their bytes.
    rows = np.ascontiguousarray(vectors.detach().cpu().numpy() + 0.0)
    keys = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1])))[:, 0]
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    return first, place.reshape(-1)


def _products(states: Tensor, table: Tensor) -> Tensor:
    """`states @ table.T`. On CPUs by NumPy's OpenBLAS, which for products as flat as these is 2.5 times as fast as
    PyTorch's MKL on an AMD processor (bench/README.md)."""
    if states.device.type != "cpu":
        return states @ table.T
    return torch.from_numpy(states.numpy() @ table.numpy().T)


def best_items(scores: Tensor, length: int) -> tuple[Tensor, Tensor]:
    """The best `length` scores and items `(rows, length)` in order. `-inf` may come last: it marks no item."""
    length = min(length, scores.shape[1])
    values, items = _top(scores, length)
    # topk breaks ties as it likes: order the ties inside by item, and sort in full where a tie straddles the end.
    items, by_item = items.sort(dim=1)
    values, by_value = values.gather(1, by_item).sort(dim=1, descending=True, stable=True)
    items = items.gather(1, by_value)
    cut = (_counts(scores, values[:, -1:], equal=True) > length) & values[:, -1].isfinite()
    for row in cut.nonzero()[:, 0].split(256):
        full = scores[row].sort(dim=1, descending=True, stable=True)
        values[row], items[row] = full.values[:, :length], full.indices[:, :length]
    return values, items


def _top(scores: Tensor, length: int) -> tuple[Tensor, Tensor]:
    """`topk`, ties broken as it likes, by way of groups of items: the best `length` items stand in the `length` groups
    with the highest maxima, so that no long row has to be selected from."""
    count = scores.shape[1]
    size = math.isqrt(count // length)
    if size < 4:
        return scores.topk(length, dim=1)
    groups = count // size
    grouped = scores[:, : groups * size].unflatten(1, (size, groups))
    best = grouped.amax(1).topk(length, dim=1, sorted=False).indices
    places = (best[:, None, :] + groups * torch.arange(size, device=scores.device)[:, None]).flatten(1)
    rest = torch.arange(groups * size, count, device=scores.device).expand(len(scores), -1)
    places = torch.cat([places, rest], dim=1)
    values, chosen = scores.gather(1, places).topk(length, dim=1)
    return values, places.gather(1, chosen)


def hide_seen(scores: Tensor, seen: Windows, targets: Tensor | None) -> None:
    """Take the items of each row's window out of `scores`, in place; the target stays."""
    lengths = torch.from_numpy(seen.lengths)
    places = torch.from_numpy(np.concatenate([[0], np.cumsum(seen.lengths)]))
    flat = torch.arange(int(lengths.sum())) - places[:-1].repeat_interleave(lengths)
    flat += torch.from_numpy(seen.begins).repeat_interleave(lengths)
    items = torch.from_numpy(seen.items)[flat]
    rows = torch.arange(len(seen)).repeat_interleave(lengths)
    kept = None if targets is None else scores.gather(1, targets[:, None])
    scores[rows.to(scores.device), items.to(scores.device)] = -torch.inf
    if kept is not None and targets is not None:
        scores.scatter_(1, targets[:, None], kept)


def block_rows(items: int) -> int:
    return max(BLOCK_ROWS, BLOCK_SCORES // items)


@torch.inference_mode()
def rank(
    score: Callable[[slice], Tensor],
    targets: np.ndarray,
    item_count: int,
    *,
    seen: Windows | None,
    list_length: int,
    on_block: Callable[[int], None] = lambda done: None,
) -> Ranking:
    """Rank all items for each example.

    Args:
        score: scores `(rows, items)` of a slice of the examples, free to be overwritten.
        targets: catalogue row of each example's ground truth.
        seen: windows of items to leave out of the ranking (the ground truth excepted), or None.
        list_length: how many of the best items to keep; 0 for ranks alone.
        on_block: told how many examples are done.
    """
    ranks, lengths, items, values = [], [], [], []
    step = block_rows(item_count)
    for start in range(0, len(targets), step):
        block = slice(start, min(start + step, len(targets)))
        scores = score(block)
        wanted = torch.from_numpy(targets[block]).to(scores.device)
        if seen is not None:
            hide_seen(scores, seen.take(np.arange(block.start, block.stop)), wanted)
        ranks.append(target_ranks(scores, wanted).cpu().numpy())
        if list_length:
            best, places = best_items(scores, list_length)
            kept = best > -torch.inf
            lengths.append(kept.sum(1).cpu().numpy())
            items.append(places[kept].cpu().numpy())
            values.append(best[kept].float().cpu().numpy())
        on_block(block.stop)
    sizes = _joined(lengths, np.int64) if list_length else np.zeros(len(targets), np.int64)
    return Ranking(
        _joined(ranks, np.int64),
        Ragged.from_lengths(sizes, _joined(items, np.int64)),
        Ragged.from_lengths(sizes, _joined(values, np.float32)),
    )


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts).astype(kind, copy=False) if parts else np.empty(0, kind)


def metrics_at(ranks: np.ndarray, k: int = 10) -> dict[str, float]:
    """`recall@k`, `ndcg@k` and `mrr@k` of one relevant item an example: mean hit, 1/log2(1 + rank) and 1/rank."""
    if not len(ranks):
        return {f"recall@{k}": 0.0, f"ndcg@{k}": 0.0, f"mrr@{k}": 0.0}
    hit = ranks <= k
    return {
        f"recall@{k}": float(hit.mean()),
        f"ndcg@{k}": float((hit / np.log2(1 + ranks)).mean()),
        f"mrr@{k}": float((hit / ranks).mean()),
    }
