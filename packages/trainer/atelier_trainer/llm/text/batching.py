"""Batches of similar length: with right padding and a causal model, padding costs time and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch


def length_batches(lengths: Sequence[int], batch_size: int, rng: np.random.Generator | None) -> list[np.ndarray]:
    """Row numbers in batches of neighbouring lengths, longest first.

    With `rng` equal lengths are mixed and the batches shuffled, for training.
    """
    jitter = rng.random(len(lengths)) if rng is not None else np.arange(len(lengths))
    order = np.lexsort([jitter, -np.asarray(lengths)])
    batches = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
    if rng is not None:
        rng.shuffle(batches)
    return batches


def pad(
    rows: Sequence[Sequence[int] | np.ndarray], value: float, dtype: torch.dtype, side: str = "right"
) -> torch.Tensor:
    """Rows of different length as one tensor `(rows, longest)`."""
    longest = max(map(len, rows))
    padded = np.full((len(rows), longest), value, dtype=np.float32 if dtype.is_floating_point else np.int64)
    for number, row in enumerate(rows):
        if side == "right":
            padded[number, : len(row)] = row
        else:
            padded[number, longest - len(row) :] = row
    return torch.from_numpy(padded).to(dtype)


def shared_prefix(rows: Sequence[Sequence[int]]) -> int:
    """How many leading tokens all rows have in common, short of the shortest row's last token."""
    if not rows:
        return 0
    low, high = min(rows), max(rows)  # the lexicographic extremes differ first where any two rows do
    limit = min(map(len, rows)) - 1
    for position in range(limit):
        if low[position] != high[position]:
            return position
    return max(limit, 0)
