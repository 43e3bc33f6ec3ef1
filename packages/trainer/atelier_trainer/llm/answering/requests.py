"""Prompts to answer, with the candidates that each of them shows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...masks import rows_where
from ...tables import integers, ragged, read_table, texts


@dataclass(frozen=True)
class Request:
    """`candidates`: the item ids that the prompt offers, in its order."""

    prompt: str
    candidates: tuple[int, ...] = ()


def read_requests(folder: Path, split: str, limit: int | None = None) -> tuple[np.ndarray, list[Request]]:
    """Example ids and requests of a split, in the table's order.

    With `limit` at most so many, in the order of a hash of the example id: a sample that has nothing to do with users
    or time, and of which a larger limit keeps all.
    """
    table = read_table(folder / "prompts.parquet", ["example_id", "split", "prompt", "candidates"])
    rows = rows_where(np.array(texts(table, "split"), dtype=object) == split)
    example_ids = integers(table, "example_id")
    if limit is not None:
        rows = np.array(sorted(rows, key=lambda row: _hash(example_ids[row]))[:limit], np.int64)
    prompts, candidates = texts(table, "prompt"), ragged(table, "candidates")
    requests = [Request(prompts[row] or "", tuple(map(int, candidates.row(row)))) for row in rows]
    return example_ids[rows], requests


def _hash(example_id: int) -> bytes:
    return hashlib.sha256(str(int(example_id)).encode()).digest()
